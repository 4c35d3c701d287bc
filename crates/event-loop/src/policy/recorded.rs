//! Repeats a recorded order.

use super::{Candidate, Policy, TaskName};

/// Repeats the choices of a recorded run. If the recorded task cannot run, the default order continues;
/// [`Record::choices`](super::Record::choices) of the two runs then differ.
#[derive(Clone, Debug)]
pub struct Recorded {
    choices: std::vec::IntoIter<TaskName>,
}

impl Recorded {
    /// Creates a policy from the result of [`Record::choices`](super::Record::choices).
    #[must_use]
    pub fn new(choices: Vec<TaskName>) -> Self {
        Self {
            choices: choices.into_iter(),
        }
    }
}

impl Policy for Recorded {
    fn choose(&mut self, candidates: &[Candidate]) -> usize {
        if candidates.len() < 2 {
            return 0;
        }
        let Some(recorded) = self.choices.next() else {
            return 0;
        };
        let mut candidates = candidates.iter();
        match candidates.position(|candidate| candidate.name == recorded) {
            Some(place) => place,
            None => {
                self.choices = Vec::new().into_iter();
                0
            }
        }
    }
}
