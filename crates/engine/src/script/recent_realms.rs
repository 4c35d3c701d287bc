//! The windows and workers whose realms were used last.

use std::rc::Rc;

use boa_engine::realm::Realm;
use framepost_event_loop::{GlobalId, Key as _};

use super::state::WindowRecord;
use crate::webidl::Interface;
use crate::webidl::objects::Maker;

/// How many realms are kept.
const KEPT: usize = 4;

/// The records of the windows and workers that were used last, each with what creates its last event.
///
/// OPTIMIZATION: a message needs the realm of its receiver twice. To find it in the table of all windows took 125
/// instructions, and to find the interface of its event there as many. A record is removed when its window is discarded.
#[derive(Default)]
pub(crate) struct RecentRealms([Option<Recent>; KEPT]);

struct Recent {
    global: GlobalId,
    record: WindowRecord,
    maker: Option<Rc<Maker>>,
    /// The number of changes to trees at which the window's body had no event handler attributes.
    plain_body_at: Option<u64>,
}

impl RecentRealms {
    fn place(global: GlobalId) -> usize {
        global.serial() as usize % KEPT
    }

    fn get(&self, global: GlobalId) -> Option<&Recent> {
        let held = self.0.get(Self::place(global))?.as_ref()?;
        (held.global == global).then_some(held)
    }

    /// The record of a window or a worker, if it is here.
    #[inline]
    pub(crate) fn record(&self, global: GlobalId) -> Option<&WindowRecord> {
        self.get(global).map(|held| &held.record)
    }

    /// The window or worker of a realm, if it is here.
    #[inline]
    pub(crate) fn global_of(&self, realm: &Realm) -> Option<GlobalId> {
        let mut held = self.0.iter().flatten();
        held.find(|held| held.record.realm == *realm)
            .map(|held| held.global)
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

    /// Adds the record of a window or a worker that is not discarded.
    pub(crate) fn insert(&mut self, global: GlobalId, record: WindowRecord) {
        if let Some(held) = self.0.get_mut(Self::place(global)) {
            *held = Some(Recent {
                global,
                record,
                maker: None,
                plain_body_at: None,
            });
        }
    }

    /// Adds what creates objects of an interface, if the record is here.
    pub(crate) fn set_maker(&mut self, global: GlobalId, interface: &'static Interface) {
        let held = self.0.get_mut(Self::place(global)).and_then(Option::as_mut);
        if let Some(held) = held.filter(|held| held.global == global) {
            held.maker = Maker::new(&held.record.realm, interface).map(Rc::new);
        }
    }

    /// Whether the body of a window has no event handler attributes, as far as is known after this number of changes
    /// to trees.
    ///
    /// OPTIMIZATION: each event at a window asks. To search the document took 250 instructions.
    pub(crate) fn has_plain_body(&self, window: GlobalId, changes: u64) -> bool {
        let held = self.get(window);
        held.is_some_and(|held| held.plain_body_at == Some(changes))
    }

    /// Notes that the body of a window has no event handler attributes.
    pub(crate) fn set_plain_body(&mut self, window: GlobalId, changes: u64) {
        let held = self.0.get_mut(Self::place(window)).and_then(Option::as_mut);
        if let Some(held) = held.filter(|held| held.global == window) {
            held.plain_body_at = Some(changes);
        }
    }

    /// Removes the record of a window or a worker that is discarded or gets another realm.
    pub(crate) fn remove(&mut self, global: GlobalId) {
        if self.get(global).is_some()
            && let Some(held) = self.0.get_mut(Self::place(global))
        {
            *held = None;
        }
    }
}
