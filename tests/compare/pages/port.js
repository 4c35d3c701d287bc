// 200000 messages in node: one port message, page script at both ends
const { port1, port2 } = new MessageChannel();
let n = 0;
port1.onmessage = () => {
    if (++n < N) port2.postMessage(n);
    else port1.close();
};
port2.postMessage(0);
