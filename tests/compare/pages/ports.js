// 20000 channels in node: one channel of many, with a message
const kept = [];
let n = 0;
for (let i = 0; i < N; i++) {
    const channel = new MessageChannel();
    kept.push(channel);
    channel.port1.onmessage = () => {
        n++;
        channel.port1.close();
    };
    channel.port2.postMessage(i);
}
