//! Posting a message to a window
//! ([HTML, posting messages](https://html.spec.whatwg.org/multipage/web-messaging.html#posting-messages)).

use framepost_browsing_context::{Contexts, NavigableId, Origin, SerializedOrigin, Url};
use framepost_event_loop::{GlobalId, TaskSource};

use crate::accounting::{Endpoint, Load, MessageDropReason, Posted};
use crate::error::MessagingError;
use crate::host::MessagingHost;
use crate::state::{Messaging, MessagingTask, Queues, TargetOrigin};
use crate::structured_clone::{Message, structured_serialize_with_transfer};

pub use crate::state::PostedMessage;

impl TargetOrigin {
    /// Steps 4 and 5 of [`window_post_message_steps`].
    fn parse(text: &str, incumbent: Option<&Origin>) -> Result<Self, MessagingError> {
        Ok(match text {
            "*" => Self::Any,
            // 4. "/" stands for the origin of the incumbent settings object.
            "/" => incumbent.map_or(Self::None, |origin| Self::Same(origin.clone())),
            // 5. Anything else is a URL.
            url => {
                // 5.1. Parse it.
                let url = Url::parse(url)
                    // 5.2. An invalid URL throws.
                    .map_err(|_| MessagingError::InvalidTargetOrigin(url.to_owned()))?;
                // 5.3. Use its origin.
                Origin::of_url(&url).map_or(Self::None, Self::Same)
            }
        })
    }

    /// Whether the window has the required origin.
    pub(crate) fn admits(&self, contexts: &Contexts, target: GlobalId) -> bool {
        match self {
            Self::Any => true,
            Self::Same(origin) => contexts
                .origin_of_global(target)
                .is_some_and(|its| its.same_origin(origin)),
            Self::None => false,
        }
    }
}

/// The [window post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps).
///
/// `target` is the window itself, not its WindowProxy. `incumbent` is the window of the
/// [incumbent settings object](https://html.spec.whatwg.org/multipage/webappapis.html#incumbent-settings-object):
/// the window of the calling script, not that of the called function.
///
/// # Errors
/// `"SyntaxError"` for an invalid target origin, `"DataCloneError"` if the message cannot be
/// serialized, and any exception that script throws while it is serialized.
pub fn window_post_message_steps<H: MessagingHost>(
    host: &mut H,
    target: GlobalId,
    incumbent: GlobalId,
    message: &H::Value,
    target_origin: &str,
    transfer: &[H::Object],
) -> Result<Posted, H::Error> {
    // 1. The target's realm is looked up when the message is delivered.
    // 2. Take the incumbent settings object.
    let settings = host.settings_of(incumbent);
    // 3. The target origin is a parameter.
    // 4. and 5. Parse it.
    let target_origin = TargetOrigin::parse(target_origin, settings.as_ref().map(|it| &it.origin))
        .map_err(|error| host.messaging_error(error))?;
    // 6. The transfer list is a parameter.
    // 7. Serialize; exceptions go to the caller.
    let message = structured_serialize_with_transfer(host, message, transfer)?;
    // 8.2. Take the origin now: the incumbent window may be gone at delivery.
    let origin = settings
        .as_ref()
        .map_or_else(SerializedOrigin::of_opaque, |it| it.origin.serialize());
    // 8.3. Take the source now, too.
    let source = settings.map(|it| it.navigable);
    // 8. Queue the task.
    Ok(host.with_messaging(|messaging, queues, _| {
        messaging.post_to_window(
            queues,
            Endpoint::Window(incumbent),
            target,
            target_origin,
            origin,
            source,
            message,
        )
    }))
}

impl Messaging {
    /// Posts a message of Rust code to a window. The event's `origin` is empty and its `source`
    /// null.
    pub fn host_post_to_window(
        &mut self,
        queues: &mut Queues<'_>,
        target: GlobalId,
        message: Message,
    ) -> Posted {
        self.post_to_window(
            queues,
            Endpoint::Host,
            target,
            TargetOrigin::Any,
            SerializedOrigin::default(),
            None,
            message,
        )
    }

    /// Step 8 of [`window_post_message_steps`], up to the task.
    #[allow(clippy::too_many_arguments)] // They are the fields of the task.
    pub(crate) fn post_to_window(
        &mut self,
        queues: &mut Queues<'_>,
        from: Endpoint,
        target: GlobalId,
        target_origin: TargetOrigin,
        origin: SerializedOrigin,
        source: Option<NavigableId>,
        message: Message,
    ) -> Posted {
        self.process_drops(queues);
        let bytes = message.serialized.bytes().len();
        let carried = message.carried();
        let to = Endpoint::Window(target);
        let envelope = self.accounting.post(message, from, to, &carried);
        let id = envelope.id();
        let accounting = &mut self.accounting;
        let dropped = if queues.client_of(target).is_none() {
            Some(MessageDropReason::WindowDiscarded)
        } else if !accounting.loads.admit(&accounting.limits, target, bytes) {
            Some(MessageDropReason::Limit)
        } else {
            None
        };
        if let Some(reason) = dropped {
            accounting.discard(envelope, reason);
            self.process_drops(queues);
            return Posted { id, dropped };
        }
        accounting.loads.add(target, Load { messages: 1, bytes });
        accounting.in_tasks.enter(&envelope.info());
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
    fn target_origin_is_star_slash_or_a_url() {
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
    fn slash_matches_the_incumbents_opaque_origin() {
        let own = Origin::opaque(7);
        assert_eq!(
            TargetOrigin::parse("/", Some(&own)),
            Ok(TargetOrigin::Same(own))
        );
    }
}
