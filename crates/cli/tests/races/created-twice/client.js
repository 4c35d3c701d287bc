function call(method, name) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    frames[0].postMessage({ method, name }, "*", [port2]);
  });
}
