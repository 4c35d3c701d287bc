// 20000 elements: one element that script appends and finds among its siblings
for (let i = 0; i < N; i++) document.body.append(document.createElement("p"));
let n = 0;
for (const element of document.body.children) n += element.nodeType;
for (let i = 0; i < N; i++) n += document.body.childNodes[i].nodeType;
done();
