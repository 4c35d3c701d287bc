// 20000 elements: one step of a loop over querySelectorAll()
document.body.innerHTML = "<p></p>".repeat(N);
let n = 0;
for (const element of document.querySelectorAll("p")) n += element.nodeType;
done();
