// 100000 messages in node: one of a burst of messages at one port
const { port1, port2 } = new MessageChannel();
let n = 0;
port1.onmessage = () => {
    if (++n < N) return;
    port1.close();
    done();
};
for (let i = 0; i < N; i++) port2.postMessage(i);
