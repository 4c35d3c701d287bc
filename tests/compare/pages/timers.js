// 100000 timers in node: one timer of many
let n = 0;
for (let i = 0; i < N; i++) setTimeout(() => n++, i % 100);
setTimeout(done, 100);
