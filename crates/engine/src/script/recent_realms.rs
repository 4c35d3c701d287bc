//! The realms of the windows and workers that were used last.

use std::rc::Rc;

use boa_engine::realm::Realm;
use framepost_event_loop::{GlobalId, Key as _};

use crate::webidl::Interface;
use crate::webidl::objects::Maker;

/// How many realms are kept.
const KEPT: usize = 4;

/// The realms that were used last, each with what creates its last event.
///
/// OPTIMIZATION: a message needs the realm of its receiver twice. To find it in the table of all windows took 125
/// instructions, and to find the interface of its event there as many. A realm is removed when its window is discarded.
#[derive(Default)]
pub(crate) struct RecentRealms([Option<Recent>; KEPT]);

struct Recent {
    global: GlobalId,
    realm: Realm,
    maker: Option<Rc<Maker>>,
}

impl RecentRealms {
    fn place(global: GlobalId) -> usize {
        global.serial() as usize % KEPT
    }

    fn get(&self, global: GlobalId) -> Option<&Recent> {
        let held = self.0.get(Self::place(global))?.as_ref()?;
        (held.global == global).then_some(held)
    }

    /// The realm of a window or a worker, if it is here.
    #[inline]
    pub(crate) fn realm(&self, global: GlobalId) -> Option<Realm> {
        self.get(global).map(|held| held.realm.clone())
    }

    /// What creates objects of an interface in the realm of a window or a worker, if it is here.
    #[inline]
    pub(crate) fn maker(
        &self,
        global: GlobalId,
        interface: &'static Interface,
    ) -> Option<Rc<Maker>> {
        let maker = self.get(global)?.maker.as_ref()?;
        maker.makes(interface).then(|| Rc::clone(maker))
    }

    /// Adds the realm of a window or a worker that is not discarded.
    pub(crate) fn insert(&mut self, global: GlobalId, realm: Realm) {
        if let Some(held) = self.0.get_mut(Self::place(global)) {
            *held = Some(Recent {
                global,
                realm,
                maker: None,
            });
        }
    }

    /// Adds what creates objects of an interface, if the realm is here.
    pub(crate) fn set_maker(&mut self, global: GlobalId, interface: &'static Interface) {
        let held = self.0.get_mut(Self::place(global)).and_then(Option::as_mut);
        if let Some(held) = held.filter(|held| held.global == global) {
            held.maker = Maker::new(&held.realm, interface).map(Rc::new);
        }
    }

    /// Removes the realm of a window or a worker that is discarded or gets another realm.
    pub(crate) fn remove(&mut self, global: GlobalId) {
        if self.get(global).is_some()
            && let Some(held) = self.0.get_mut(Self::place(global))
        {
            *held = None;
        }
    }
}
