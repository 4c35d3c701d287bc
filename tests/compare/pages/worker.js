// 100000 messages: one message to or from a worker
const source = "onmessage = (event) => postMessage(event.data + 1)";
const worker = new Worker(URL.createObjectURL(new Blob([source])));
worker.onmessage = (event) => {
    if (event.data < N) return worker.postMessage(event.data + 1);
    worker.terminate();
    done();
};
worker.postMessage(0);
