//! Own properties whose keys are names, in insertion order.

use framepost_event_loop::FxHashMap;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use super::{JsString, Value};

/// Names and their values.
#[derive(Default)]
pub(super) struct Named {
    // `None` if there are no names.
    shape: Option<Shape>,
    // One value for each name.
    values: Vec<Value>,
}

/// The names of an object. Several objects may share them.
#[derive(Clone, Default)]
pub struct Shape(Rc<Names>);

#[derive(Clone, Default)]
struct Names {
    list: Vec<JsString>,
    // The position of each name in the list, if the list is too long for a linear search.
    #[allow(clippy::box_collection, reason = "few shapes have any")]
    lookup: Option<Box<FxHashMap<JsString, usize>>>,
}

/// A shape with more names than this has a table.
const FEW: usize = 12;

thread_local! {
    /// The most recent distinct shapes passed to [`Shape::shared`], latest first.
    static RECENT: RefCell<VecDeque<Shape>> = const { RefCell::new(VecDeque::new()) };
}

/// The number of shapes in `RECENT`.
const RECENT_SHAPES: usize = 8;

impl Shape {
    /// Creates a shape with these names, which must be distinct.
    pub(super) fn new(list: Vec<JsString>) -> Self {
        let mut names = Names { list, lookup: None };
        names.index();
        Self(Rc::new(names))
    }

    pub(super) fn position(&self, name: &JsString) -> Option<usize> {
        self.0.position(name)
    }

    /// Returns a recent equal shape, if there is one.
    ///
    /// OPTIMIZATION: records with equal shapes are written without comparing their names, and need
    /// less memory.
    pub(super) fn shared(self) -> Self {
        let known = RECENT.try_with(|recent| {
            let mut recent = recent.try_borrow_mut().ok()?;
            if let Some(known) = recent.iter().find(|known| known.0.list == self.0.list) {
                return Some(known.clone());
            }
            recent.truncate(RECENT_SHAPES - 1);
            recent.push_front(self.clone());
            None
        });
        // The thread-local is gone while its thread ends.
        known.ok().flatten().unwrap_or(self)
    }
}

impl Names {
    fn position(&self, name: &JsString) -> Option<usize> {
        match &self.lookup {
            Some(lookup) => lookup.get(name).copied(),
            None => self.list.iter().position(|found| found == name),
        }
    }

    fn push(&mut self, name: JsString) {
        match &mut self.lookup {
            Some(lookup) => {
                lookup.insert(name.clone(), self.list.len());
                self.list.push(name);
            }
            None => {
                self.list.push(name);
                self.index();
            }
        }
    }

    fn remove(&mut self, position: usize) {
        self.list.remove(position);
        self.index();
    }

    fn index(&mut self) {
        let many = self.list.len() > FEW;
        self.lookup = many.then(|| Box::new(self.list.iter().cloned().zip(0..).collect()));
    }
}

impl From<Vec<JsString>> for Shape {
    fn from(names: Vec<JsString>) -> Self {
        Self::new(names)
    }
}

impl AsRef<[JsString]> for Shape {
    #[inline]
    fn as_ref(&self) -> &[JsString] {
        &self.0.list
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shape").field(&self.0.list).finish()
    }
}

impl Named {
    /// Creates properties with the names of `shape` and one value for each.
    pub(super) fn of(shape: Shape, values: impl Iterator<Item = Value>) -> Self {
        Self {
            shape: Some(shape),
            values: values.collect(),
        }
    }

    #[inline]
    pub(super) fn shape(&self) -> Option<&Shape> {
        self.shape.as_ref()
    }

    #[inline]
    pub(super) fn names(&self) -> &[JsString] {
        self.shape.as_ref().map_or(&[], AsRef::as_ref)
    }

    #[inline]
    pub(super) fn values(&self) -> &[Value] {
        &self.values
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Removes and returns all properties; `None` if there never was a name.
    pub(super) fn take(&mut self) -> Option<(Shape, Vec<Value>)> {
        let Self { shape, values } = std::mem::take(self);
        Some((shape?, values))
    }

    pub(super) fn get(&self, name: &JsString) -> Option<&Value> {
        let position = self.shape.as_ref()?.position(name)?;
        self.values.get(position)
    }

    /// The value of `name`. `position` is where the name was when it was listed.
    pub(super) fn get_near(&self, name: &JsString, position: usize) -> Option<&Value> {
        match self.names().get(position) {
            Some(found) if found.is_same(name) => self.values.get(position),
            _ => self.get(name),
        }
    }

    pub(super) fn set(&mut self, name: JsString, value: Value) -> Option<Value> {
        let shape = self.shape.get_or_insert_default();
        if let Some(slot) = shape
            .position(&name)
            .and_then(|position| self.values.get_mut(position))
        {
            return Some(std::mem::replace(slot, value));
        }
        Rc::make_mut(&mut shape.0).push(name);
        self.values.push(value);
        None
    }

    /// Sets the value of the first name that has no value yet.
    #[inline(always)]
    pub(super) fn append(&mut self, value: Value) {
        self.values.push(value);
    }

    pub(super) fn remove(&mut self, name: &JsString) -> Option<Value> {
        let shape = self.shape.as_mut()?;
        let position = shape.position(name)?;
        if position >= self.values.len() {
            return None;
        }
        Rc::make_mut(&mut shape.0).remove(position);
        Some(self.values.remove(position))
    }

    #[inline]
    pub(super) fn each_value(&mut self, f: &mut impl FnMut(&mut Value)) {
        self.values.iter_mut().for_each(f);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_names_are_found_replaced_and_removed() {
        let mut named = Named::default();
        for number in 0..100 {
            named.set(format!("k{number}").into(), Value::from(number));
        }
        assert_eq!(named.set("k50".into(), Value::Null), Some(Value::from(50)));
        assert_eq!(named.remove(&"k0".into()), Some(Value::from(0)));
        assert_eq!(named.get(&"k0".into()), None);
        assert_eq!(named.get(&"k99".into()), Some(&Value::from(99)));
        assert_eq!(named.names().len(), 99);
        for number in 1..100 {
            assert!(named.remove(&format!("k{number}").into()).is_some());
        }
        assert!(named.is_empty());
    }

    #[test]
    fn equal_shapes_are_shared_and_few_are_kept() {
        let shape = |name: &str| Shape::new(vec![name.into(), "b".into()]).shared();
        assert!(Rc::ptr_eq(&shape("a").0, &shape("a").0));
        let first = shape("a");
        for number in 0..100 {
            shape(&format!("k{number}"));
        }
        assert!(!Rc::ptr_eq(&first.0, &shape("a").0));
        assert_eq!(RECENT.with_borrow(VecDeque::len), RECENT_SHAPES);
    }

    #[test]
    fn changing_one_object_leaves_others_of_its_shape_unchanged() {
        let shape = Shape::new(vec!["a".into(), "b".into()]);
        let filled = || Named::of(shape.clone(), [1, 2].map(Value::from).into_iter());
        let (mut one, mut two, three) = (filled(), filled(), filled());
        one.set("c".into(), Value::Null);
        two.remove(&"a".into());
        assert_eq!(one.names(), ["a", "b", "c"]);
        assert_eq!(
            (two.names(), two.values()),
            (&["b".into()][..], &[2.into()][..])
        );
        assert_eq!(three.names(), ["a", "b"]);
    }
}
