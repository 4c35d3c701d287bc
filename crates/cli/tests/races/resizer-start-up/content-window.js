addEventListener('message', ({ data, source }) => {
  if (!String(data).startsWith('[iFrameSizer]')) return;
  const id = data.slice(13).split(':')[0];
  source.postMessage(`[iFrameSizer]${id}:320:640:init`, '*');
});
parent.postMessage('[iFrameResizerChild]Ready', '*');
