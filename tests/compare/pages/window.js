// 100000 messages: one window.postMessage
let n = 0;
onmessage = () => {
    if (++n < N) postMessage(n, "*");
    else done();
};
postMessage(0, "*");
