addEventListener("message", (event) => {
  if (event.data === "handshake") {
    event.source.postMessage("handshake-reply", "*");
  }
});
