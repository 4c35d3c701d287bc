onmessage = () => postMessage(name);
