onmessage = ({ data, ports: [port] }) => port.postMessage("to the " + data);
