// 50000 messages in node: a small object over a port
const { port1, port2 } = new MessageChannel();
let n = 0;
const post = () => port2.postMessage({ id: n, name: "item", tags: ["a", "b", "c"], nested: { x: 1.5, y: [1, 2, 3, 4] } });
port1.onmessage = () => {
    if (++n < N) return post();
    port1.close();
    done();
};
post();
