// 100000 objects in node: structuredClone, each of a list of 1,000 objects
const list = Array.from({ length: 1000 }, (_, id) => ({ id, name: "item", tags: ["a", "b"], nested: { x: id / 2 } }));
for (let i = 0; i < N / 1000; i++) structuredClone(list);
done();
