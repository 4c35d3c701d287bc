postMessage("welcome");
setTimeout(() => postMessage("close"), 50);
