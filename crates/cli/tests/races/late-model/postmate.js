// A handshake as of early versions of Postmate: the parent offers once, when the frame has loaded.
function connect(frame, url) {
  return new Promise((resolve) => {
    addEventListener("message", function reply(event) {
      if (event.source !== frame.contentWindow || event.data.postmate !== "handshake-reply") return;
      removeEventListener("message", reply);
      resolve(frame.contentWindow);
    });
    frame.addEventListener("load", () => {
      frame.contentWindow.postMessage({ postmate: "handshake" }, "*");
    });
    frame.src = url;
  });
}

function offerModel(model) {
  return new Promise((resolve) => {
    addEventListener("message", function shake(event) {
      if (event.data.postmate !== "handshake") return;
      removeEventListener("message", shake);
      event.source.postMessage({ postmate: "handshake-reply" }, event.origin);
      resolve(model);
    });
  });
}
