// 50000 messages in node: a string of 10 KiB over a port
const { port1, port2 } = new MessageChannel();
const text = "x".repeat(10240);
let n = 0;
port1.onmessage = () => {
    if (++n < N) return port2.postMessage(text);
    port1.close();
    done();
};
port2.postMessage(text);
