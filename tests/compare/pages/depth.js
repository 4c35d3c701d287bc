// 20000 levels: one element that script appends to the one before
let at = document.body;
for (let i = 0; i < N; i++) {
    at.append(document.createElement("p"));
    at = at.lastChild;
}
done();
