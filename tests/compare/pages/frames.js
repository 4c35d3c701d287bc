// 200 frames: one srcdoc frame with a script
onload = done;
for (let i = 0; i < N; i++) {
    const frame = document.createElement("iframe");
    frame.srcdoc = "<script>var x = 1<\/script>";
    document.body.append(frame);
}
