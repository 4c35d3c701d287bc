setTimeout(() => postMessage("done"), 50);
