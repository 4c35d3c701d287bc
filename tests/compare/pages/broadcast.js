// 100000 messages in node: one message over a BroadcastChannel
const sender = new BroadcastChannel("x"), receiver = new BroadcastChannel("x");
let n = 0;
receiver.onmessage = () => {
    if (++n < N) return sender.postMessage(n);
    sender.close();
    receiver.close();
    done();
};
sender.postMessage(0);
