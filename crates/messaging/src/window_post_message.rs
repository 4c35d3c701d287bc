//! Posting to a window
//! ([HTML, posting messages](https://html.spec.whatwg.org/multipage/web-messaging.html#posting-messages)).

use framepost_browsing_context::Url;
use framepost_browsing_context::{Contexts, NavigableId, Origin};
use framepost_event_loop::{GlobalId, TaskSource};

use crate::accounting::{DropReason, Endpoint, Envelope, Load, Posted};
use crate::error::MessagingError;
use crate::host::MessagingHost;
use crate::messaging::{Messaging, Queues};
use crate::ports::HalfId;
use crate::structured_clone::Message;
use crate::structured_clone::structured_serialize_with_transfer;
use crate::task::MessagingTask;

/// A message on its way to a window.
#[derive(Debug)]
pub struct PostedMessage {
    pub(crate) target: GlobalId,
    pub(crate) target_origin: TargetOrigin,
    /// The sender's origin, serialized.
    pub(crate) origin: String,
    pub(crate) source: Option<NavigableId>,
    pub(crate) envelope: Envelope<Message>,
}

/// Whom a sender means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TargetOrigin {
    /// `*`.
    Any,
    /// A window of the same origin.
    Same(Origin),
    /// The origin of a URL that has an opaque one, which is the same as no other.
    None,
}

impl TargetOrigin {
    /// Steps 3 to 5 of the window post message steps.
    fn parse(text: &str, incumbent: Option<&Origin>) -> Result<Self, MessagingError> {
        Ok(match text {
            "*" => Self::Any,
            "/" => incumbent.map_or(Self::None, |origin| Self::Same(origin.clone())),
            url => {
                let url = Url::parse(url)
                    .map_err(|_| MessagingError::InvalidTargetOrigin(url.to_owned()))?;
                Origin::of_url(&url).map_or(Self::None, Self::Same)
            }
        })
    }

    /// Whether the window may hear the message.
    pub(crate) fn admits(&self, contexts: &Contexts, target: GlobalId) -> bool {
        match self {
            Self::Any => true,
            Self::Same(origin) => contexts
                .origin_of_window(target)
                .is_some_and(|its| its.same_origin(origin)),
            Self::None => false,
        }
    }
}

/// [Window post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps).
///
/// `target` is the window itself: a WindowProxy has been followed to it. `incumbent` is the window
/// of the [incumbent settings object](https://html.spec.whatwg.org/multipage/webappapis.html#incumbent-settings-object):
/// of the script that calls, not of the function that it calls.
///
/// # Errors
/// `"SyntaxError"` for a target origin that is none, `"DataCloneError"` as serializing has it, and
/// whatever script throws while it is serialized.
pub fn window_post_message_steps<H: MessagingHost>(
    host: &mut H,
    target: GlobalId,
    incumbent: GlobalId,
    message: &H::Value,
    target_origin: &str,
    transfer: &[H::Object],
) -> Result<Posted, H::Error> {
    let settings = host.settings_of(incumbent);
    let target_origin = TargetOrigin::parse(target_origin, settings.as_ref().map(|it| &it.origin))
        .map_err(|error| host.messaging_error(error))?;
    let origin = settings
        .as_ref()
        .map_or_else(|| "null".to_owned(), |it| it.origin.to_string());
    let source = settings.map(|it| it.navigable);
    let message = structured_serialize_with_transfer(host, message, transfer)?;
    Ok(host.with_messaging(|messaging, _, queues| {
        messaging.post_to_window(
            Endpoint::Window(incumbent),
            target,
            target_origin,
            origin,
            source,
            message,
            queues,
        )
    }))
}

impl Messaging {
    /// Posts a message of Rust code's own to a window: `origin` is empty and `source` null there.
    pub fn host_post_to_window(
        &mut self,
        target: GlobalId,
        message: Message,
        queues: &mut Queues<'_>,
    ) -> Posted {
        self.post_to_window(
            Endpoint::Host,
            target,
            TargetOrigin::Any,
            String::new(),
            None,
            message,
            queues,
        )
    }

    /// Step 8 of the window post message steps, up to the task.
    #[allow(clippy::too_many_arguments)] // They are the fields of the task.
    pub(crate) fn post_to_window(
        &mut self,
        from: Endpoint,
        target: GlobalId,
        target_origin: TargetOrigin,
        origin: String,
        source: Option<NavigableId>,
        message: Message,
        queues: &mut Queues<'_>,
    ) -> Posted {
        self.settle(queues);
        let bytes = message.serialized.bytes().len();
        let carried: Vec<HalfId> = message.halves().collect();
        let to = Endpoint::Window(target);
        let envelope = self.accounting.post(message, bytes, from, to, &carried);
        let id = envelope.info().id;
        let accounting = &mut self.accounting;
        let dropped = if queues.client_of(target).is_none() {
            Some(DropReason::WindowGone)
        } else if !accounting.loads.admit(&accounting.limits, target, bytes) {
            Some(DropReason::Limit)
        } else {
            None
        };
        if let Some(reason) = dropped {
            accounting.discard(envelope, reason);
            self.settle(queues);
            return Posted { id, dropped };
        }
        accounting.loads.add(target, Load { messages: 1, bytes });
        accounting.in_tasks.enter(envelope.info());
        let task = MessagingTask::PostedMessage(Box::new(PostedMessage {
            target,
            target_origin,
            origin,
            source,
            envelope,
        }));
        queues.queue_global(TaskSource::PostedMessage, target, task);
        Posted { id, dropped: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_origins() {
        let own = Origin::of_url(&Url::parse("http://a.test/x").unwrap()).unwrap();
        let parse = |text| TargetOrigin::parse(text, Some(&own));
        assert_eq!(parse("*"), Ok(TargetOrigin::Any));
        assert_eq!(parse("/"), Ok(TargetOrigin::Same(own.clone())));
        assert_eq!(
            parse("http://a.test:80/y?z"),
            Ok(TargetOrigin::Same(own.clone()))
        );
        assert_eq!(parse("data:text/plain,x"), Ok(TargetOrigin::None));
        for bad in ["", "a.test", "//a.test", "**", "http://", "http://a test"] {
            assert_eq!(
                parse(bad),
                Err(MessagingError::InvalidTargetOrigin(bad.to_owned())),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn the_incumbents_opaque_origin_is_the_same_as_itself() {
        let own = Origin::opaque(7);
        assert_eq!(
            TargetOrigin::parse("/", Some(&own)),
            Ok(TargetOrigin::Same(own))
        );
    }
}
