// 100000 awaits in node: one await of null
(async () => {
    for (let i = 0; i < N; i++) await null;
    done();
})();
