//! The tables that describe interfaces.

use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::NewTarget;
use super::extensions::extensions;
use super::legacy_platform_object::LegacyPlatformObject;
use super::members::{Access, Member, StaticOperation};
use super::serializable::{Serializable, Transferable};

/// The steps of a [constructor operation](https://webidl.spec.whatwg.org/#idl-constructors).
pub type Constructor = fn(&NewTarget, &[JsValue], &mut Context) -> JsResult<JsObject>;

/// Whether script may use the member of this name of an object in this way: the steps of
/// [perform a security check](https://webidl.spec.whatwg.org/#dfn-perform-a-security-check).
pub type SecurityCheck = fn(&JsObject, &str, Access, &mut Context) -> JsResult<()>;

/// The value of an indexed or named property of an object, which has no other property of this key.
pub type BehindMembers = fn(&JsObject, &PropertyKey, &mut Context) -> JsResult<Option<JsValue>>;

/// An [interface](https://webidl.spec.whatwg.org/#idl-interfaces).
#[derive(Debug)]
pub struct Interface {
    /// Its identifier.
    pub name: &'static str,
    /// The interface it inherits from.
    pub parent: Option<&'static Interface>,
    /// The number of required arguments and the steps of its constructor, if it has a constructor.
    pub constructor: Option<(usize, Constructor)>,
    /// Its own members.
    pub own: Mixin,
    /// Its iteration members, such as `Symbol.iterator`.
    pub iterable: Iterable,
    /// The pairs of its pair iterator.
    pub pairs: Option<Pairs>,
    /// Its [legacy factory function](https://webidl.spec.whatwg.org/#LegacyFactoryFunction).
    pub factory: Option<Factory>,
    /// Its indexed and named properties.
    pub legacy_platform_object: Option<&'static LegacyPlatformObject>,
    /// Whether its members are own properties of the [global
    /// object](https://webidl.spec.whatwg.org/#Global).
    pub is_global: bool,
    /// The security check that runs before a member of its objects is used.
    pub security_check: Option<SecurityCheck>,
    /// The indexed and named properties of its objects, behind its members.
    pub behind_members: Option<BehindMembers>,
    /// The globals that expose it.
    pub exposed: Exposed,
    /// The serialization steps of its objects, if they are serializable.
    pub serializable: Option<&'static Serializable>,
    /// The transfer steps of its objects, if they are transferable.
    pub transferable: Option<&'static Transferable>,
    /// Its [legacy window aliases](https://webidl.spec.whatwg.org/#LegacyWindowAlias).
    pub aliases: &'static [&'static str],
}

/// A [legacy factory function](https://webidl.spec.whatwg.org/#legacy-factory-functions): a
/// constructor without an interface object of its own.
#[derive(Debug)]
pub struct Factory {
    /// Its identifier.
    pub name: &'static str,
    /// The number of required arguments.
    pub length: usize,
    /// The steps, which return a new object of the interface.
    pub steps: StaticOperation,
}

/// A [mixin](https://webidl.spec.whatwg.org/#idl-interface-mixins): members without an interface.
#[derive(Debug)]
pub struct Mixin {
    /// The identifier of a mixin.
    pub name: &'static str,
    /// Constants.
    pub constants: &'static [(&'static str, u32)],
    /// Attributes and operations.
    pub members: &'static [&'static [Member]],
    /// Members that are not in scope inside `with` statements and inline event handlers.
    pub unscopables: &'static [&'static str],
    /// Members that fewer globals [expose](https://webidl.spec.whatwg.org/#Exposed) than the interface.
    pub narrowed: &'static [(&'static str, Exposed)],
    /// The mixins that this one includes.
    pub mixins: &'static [&'static Mixin],
}

/// A [partial interface](https://webidl.spec.whatwg.org/#dfn-partial-interface) or a
/// [partial interface mixin](https://webidl.spec.whatwg.org/#dfn-partial-interface-mixin): the members
/// that a family adds to an interface or a mixin of a lower family. The lower family does not depend
/// on it.
#[derive(Debug)]
pub struct Partial {
    /// The name of the interface or the mixin.
    pub of: &'static str,
    /// The added members.
    pub mixin: Mixin,
}

/// The definitions of one `interface!`.
#[derive(Debug)]
pub struct Definitions {
    /// Its interfaces.
    pub interfaces: &'static [&'static Interface],
    /// Its partial interfaces and partial interface mixins.
    pub partials: &'static [&'static Partial],
}

/// Returns the pair at an index in the object's current state.
pub type PairAt = fn(&JsObject, usize, &mut Context) -> JsResult<Option<(JsValue, JsValue)>>;

/// A [pair iterator](https://webidl.spec.whatwg.org/#dfn-pair-iterator).
#[derive(Clone, Copy, Debug)]
pub struct Pairs {
    /// The class string of its iterators.
    pub class: &'static str,
    /// Returns the name and the value at an index.
    pub at: PairAt,
}

/// Globals that [expose](https://webidl.spec.whatwg.org/#Exposed) an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exposed {
    /// The kinds of globals, one bit for each.
    kinds: u8,
    /// Whether only those globals are meant that are secure contexts.
    secure: bool,
}

impl Exposed {
    /// No global.
    pub const NOWHERE: Self = Self::of(0);
    /// All globals, which are of three kinds.
    pub const EVERYWHERE: Self = Self::of(0b111);

    const fn of(kinds: u8) -> Self {
        let secure = false;
        Self { kinds, secure }
    }

    /// The globals of one kind. The floor that defines globals numbers their kinds.
    pub const fn kind(number: u8) -> Self {
        Self::of(1 << number)
    }

    /// The union of both sets.
    pub const fn or(self, other: Self) -> Self {
        Self {
            kinds: self.kinds | other.kinds,
            secure: self.secure && other.secure,
        }
    }

    /// Those of the globals that are [secure contexts](https://webidl.spec.whatwg.org/#SecureContext).
    pub const fn in_secure_contexts(self) -> Self {
        let kinds = self.kinds;
        Self {
            kinds,
            secure: true,
        }
    }

    /// Whether a global of one of these kinds [exposes](https://webidl.spec.whatwg.org/#dfn-exposed) what is exposed
    /// on this set.
    #[inline]
    pub const fn includes(self, global: Self) -> bool {
        // 1. The global is of a kind in the set. 2. It is a secure context, if that is a condition.
        // NOT YET: 3. [CrossOriginIsolated].
        self.kinds & global.kinds != 0 && (global.secure || !self.secure)
    }
}

/// The [iteration members](https://webidl.spec.whatwg.org/#js-iterable) of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Iterable {
    /// No iteration members.
    No,
    /// `Symbol.iterator` only. Every interface with indexed properties has it.
    Indexed,
    /// Also `entries`, `forEach`, `keys` and `values`, for a declared value iterator.
    Values,
    /// A declared pair iterator. `Symbol.iterator` is the member `entries`.
    Pairs,
    /// An asynchronous iterable declaration. `Symbol.asyncIterator` is the member `values`.
    Async,
}

impl Mixin {
    /// No members.
    const EMPTY: Self = Self {
        name: "",
        constants: &[],
        members: &[],
        unscopables: &[],
        narrowed: &[],
        mixins: &[],
    };

    /// Adds the mixin, its included mixins and the partial mixins of `name` to `found`.
    fn with_included(
        &'static self,
        name: &str,
        definitions: &[&'static Definitions],
        found: &mut Vec<&'static Self>,
    ) {
        found.push(self);
        for included in self.mixins {
            included.with_included(included.name, definitions, found);
        }
        let partials = definitions
            .iter()
            .flat_map(|definitions| definitions.partials);
        for partial in partials.filter(|partial| partial.of == name) {
            partial.mixin.with_included("", definitions, found);
        }
    }
}

impl Interface {
    /// Creates an interface without members, which no global exposes.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            parent: None,
            constructor: None,
            own: Mixin::EMPTY,
            iterable: Iterable::No,
            pairs: None,
            factory: None,
            legacy_platform_object: None,
            is_global: false,
            security_check: None,
            behind_members: None,
            exposed: Exposed::NOWHERE,
            serializable: None,
            transferable: None,
            aliases: &[],
        }
    }

    /// All sources of the interface's members: its own, its mixins, and its partial interfaces.
    pub(super) fn mixins(&'static self, cx: &Context) -> Vec<&'static Mixin> {
        let mut found = Vec::new();
        self.own
            .with_included(self.name, extensions(cx).definitions, &mut found);
        found
    }

    /// Whether it is this interface, or [inherits](https://webidl.spec.whatwg.org/#dfn-inherit) from
    /// it.
    #[inline]
    pub fn inherits(&'static self, interface: &'static Self) -> bool {
        let mut next = Some(self);
        while let Some(own) = next {
            if std::ptr::eq(own, interface) {
                return true;
            }
            next = own.parent;
        }
        false
    }

    /// All attributes and operations.
    pub fn all_members(&'static self, cx: &Context) -> Vec<&'static Member> {
        let mixins = self.mixins(cx);
        let tables = mixins.iter().flat_map(|mixin| mixin.members);
        tables.copied().flatten().collect()
    }

    /// The members that fewer globals expose than the interface.
    pub(super) fn narrowed(&'static self, cx: &Context) -> Vec<&'static (&'static str, Exposed)> {
        let mixins = self.mixins(cx);
        mixins.iter().flat_map(|mixin| mixin.narrowed).collect()
    }

    /// Returns a function from the name of a member to the globals that expose the member, of those that expose the
    /// interface.
    pub fn exposed_members(&'static self, cx: &Context) -> impl Fn(&str) -> Exposed + use<> {
        let narrowed = self.narrowed(cx);
        move |name| {
            let found = narrowed.iter().find(|(held, _)| *held == name);
            found.map_or(Exposed::EVERYWHERE, |(_, exposed)| *exposed)
        }
    }
}
