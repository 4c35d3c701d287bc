// 20000 channels in node: one channel of many, with a message
const kept = [];
let n = 0;
for (let i = 0; i < N; i++) {
    const channel = new MessageChannel();
    kept.push(channel);
    channel.port1.onmessage = () => {
        channel.port1.close();
        if (++n == N) done();
    };
    channel.port2.postMessage(i);
}
