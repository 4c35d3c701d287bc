// 50000 messages in node: a string of 10 KiB over a port
const { port1, port2 } = new MessageChannel();
const text = "x".repeat(10240);
let n = 0;
port1.onmessage = () => {
    if (++n < N) port2.postMessage(text);
    else port1.close();
};
port2.postMessage(text);
