//! Interfaces as tables.

use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::NewTarget;
use super::legacy::LegacyPlatformObject;
use super::members::Member;
use super::serializable::{Serializable, Transferable};
use crate::boa::slots::Slot;

/// The steps of a [constructor operation](https://webidl.spec.whatwg.org/#idl-constructors).
pub(crate) type Constructor = fn(&NewTarget, &[JsValue], &mut Context) -> JsResult<JsObject>;

/// An [interface](https://webidl.spec.whatwg.org/#idl-interfaces).
pub(crate) struct Interface {
    /// Its identifier.
    pub(crate) name: &'static str,
    /// The interface it inherits from.
    pub(crate) parent: Option<&'static Interface>,
    /// The number of required arguments and the steps of its constructor, if it has one.
    pub(crate) constructor: Option<(usize, Constructor)>,
    /// Its members.
    pub(crate) own: Mixin,
    /// What `Symbol.iterator` and its like are.
    pub(crate) iterable: Iterable,
    /// The pairs that it iterates over.
    pub(crate) pairs: Option<Pairs>,
    /// Its indexed and named properties.
    pub(crate) legacy: Option<&'static LegacyPlatformObject>,
    /// Whether its members stand on the [global object](https://webidl.spec.whatwg.org/#Global)
    /// itself.
    pub(crate) is_global: bool,
    /// Which globals have it.
    pub(crate) exposed: Exposed,
    /// How its objects are serialized, if they can be.
    pub(crate) serializable: Option<&'static Serializable>,
    /// How its objects are transferred, if they can be.
    pub(crate) transferable: Option<&'static Transferable>,
    /// Its names [of old](https://webidl.spec.whatwg.org/#LegacyWindowAlias).
    pub(crate) aliases: &'static [&'static str],
    /// Its constants, where they are written by hand.
    pub(crate) constants: &'static [(&'static str, u32)],
    /// Its attributes and operations, where they are written by hand.
    pub(crate) members: &'static [&'static [Member]],
    /// Members that are not in scope inside of `with` statements and inline event handlers.
    pub(crate) unscopables: &'static [&'static str],
    /// Members that only windows [expose](https://webidl.spec.whatwg.org/#Exposed).
    pub(crate) window_only: &'static [&'static str],
}

/// A [mixin](https://webidl.spec.whatwg.org/#idl-interface-mixins): members without an interface.
pub(crate) struct Mixin {
    /// Constants.
    pub(crate) constants: &'static [(&'static str, u32)],
    /// Attributes and operations.
    pub(crate) members: &'static [&'static [Member]],
    /// Members that are not in scope inside of `with` statements and inline event handlers.
    pub(crate) unscopables: &'static [&'static str],
    /// Members that only windows [expose](https://webidl.spec.whatwg.org/#Exposed).
    pub(crate) window_only: &'static [&'static str],
    /// The mixins that this one includes.
    pub(crate) mixins: &'static [&'static Mixin],
}

/// A [partial interface](https://webidl.spec.whatwg.org/#dfn-partial-interface): what a family of
/// interfaces adds to an interface of another one, which does not know of it.
pub(crate) struct Partial {
    /// The name of the interface.
    pub(crate) interface: &'static str,
    /// What is added.
    pub(crate) mixin: Mixin,
}

/// The partial interfaces of an agent.
static PARTIALS: Slot<&'static [&'static Partial]> = Slot::new();

/// Lets the interfaces of an agent have what these add to them.
pub(crate) fn add_partials(partials: &'static [&'static Partial], cx: &Context) {
    PARTIALS.set(cx, partials);
}

/// What partial interfaces add to the interface of this name.
pub(super) fn partials(interface: &str, cx: &Context) -> Vec<&'static Mixin> {
    let all = PARTIALS.with(cx, |partials| *partials);
    let added = all.iter().filter(|partial| partial.interface == interface);
    added.map(|partial| &partial.mixin).collect()
}

/// The value of a pair iterator at an index, as the object is then.
pub(crate) type PairAt = fn(&JsObject, usize, &mut Context) -> JsResult<Option<(JsValue, JsValue)>>;

/// A [pair iterator](https://webidl.spec.whatwg.org/#dfn-pair-iterator).
#[derive(Clone, Copy)]
pub(crate) struct Pairs {
    /// The class string of its iterators.
    pub(crate) class: &'static str,
    /// The name and the value at an index.
    pub(crate) at: PairAt,
}

/// Globals that [expose](https://webidl.spec.whatwg.org/#Exposed) an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exposed(u8);

impl Exposed {
    /// No global.
    pub(crate) const NOWHERE: Self = Self(0);
    /// Windows.
    pub(crate) const WINDOW: Self = Self(1);
    /// Dedicated workers.
    pub(crate) const DEDICATED_WORKER: Self = Self(2);
    /// Shared workers.
    pub(crate) const SHARED_WORKER: Self = Self(4);
    /// All workers.
    pub(crate) const WORKERS: Self = Self(6);
    /// All globals.
    pub(crate) const EVERYWHERE: Self = Self(7);

    /// These globals and others.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one of these globals is among those.
    pub(crate) const fn includes(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What of [iteration](https://webidl.spec.whatwg.org/#js-iterable) an interface with indexed
/// properties has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Iterable {
    /// Nothing.
    No,
    /// `Symbol.iterator`, as every interface that supports indexed properties.
    Indexed,
    /// Also `entries`, `forEach`, `keys` and `values`: a value iterator is declared.
    Values,
    /// A pair iterator is declared: `Symbol.iterator` is the `entries` among the members.
    Pairs,
}

impl Mixin {
    const EMPTY: Self = Self {
        constants: &[],
        members: &[],
        unscopables: &[],
        window_only: &[],
        mixins: &[],
    };

    /// What these mixins have, for an interface that is written by hand.
    pub(crate) const fn of(mixins: &'static [&'static Self]) -> Self {
        Self {
            mixins,
            ..Self::EMPTY
        }
    }

    /// The mixin and those that it includes.
    fn with_included(&'static self, found: &mut Vec<&'static Self>) {
        found.push(self);
        for included in self.mixins {
            included.with_included(found);
        }
    }
}

impl Interface {
    /// An interface without members, to be completed with struct update syntax.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            parent: None,
            constructor: None,
            own: Mixin::EMPTY,
            iterable: Iterable::No,
            pairs: None,
            legacy: None,
            is_global: false,
            exposed: Exposed::NOWHERE,
            serializable: None,
            transferable: None,
            aliases: &[],
            constants: &[],
            members: &[],
            unscopables: &[],
            window_only: &[],
        }
    }

    /// Where the members of the interface are: its own, those of its mixins, and what partial
    /// interfaces add.
    pub(super) fn mixins(&'static self, cx: &Context) -> Vec<&'static Mixin> {
        let mut found = Vec::new();
        self.own.with_included(&mut found);
        for partial in partials(self.name, cx) {
            partial.with_included(&mut found);
        }
        found
    }

    /// The attributes and operations.
    pub(crate) fn all_members(&'static self, cx: &Context) -> Vec<&'static Member> {
        let mixins = self.mixins(cx);
        let tables = mixins.iter().flat_map(|mixin| mixin.members);
        let tables = tables.chain(self.members);
        tables.copied().flatten().collect()
    }
}
