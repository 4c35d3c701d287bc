// 200000 messages in node: one port message, page script at both ends
const { port1, port2 } = new MessageChannel();
let n = 0;
port1.onmessage = () => {
    if (++n < N) return port2.postMessage(n);
    port1.close();
    done();
};
port2.postMessage(0);
