//! `Headers` ([Fetch, Headers class](https://fetch.spec.whatwg.org/#headers-class)).

use super::header_list::{Guard, HeadersData, SET_COOKIE, validated};
use crate::webidl::interface;

interface! {
    /// The `Headers` interface.
    [Exposed=(Window,Worker)]
    interface Headers(HeadersData) {
        constructor(optional HeadersInit init) = |init| HeadersData::filled(Guard::None, init);
        undefined append(ByteString name, ByteString value) = |headers, name, value| headers.append(&name, &value);
        undefined delete(ByteString name) = |headers, name| headers.delete(&name);
        ByteString? get(ByteString name) = |headers, name| validated(&name).map(|name| headers.get(name));
        sequence<ByteString> getSetCookie() = |headers| headers.values(SET_COOKIE);
        boolean has(ByteString name) = |headers, name| validated(&name).map(|name| headers.contains(name));
        undefined set(ByteString name, ByteString value) = |headers, name, value| headers.set(&name, &value);
        iterable<ByteString, ByteString> = |headers, index| headers.sort_and_combine().into_iter().nth(index);
    }

    typedef (sequence<sequence<ByteString>> or record<ByteString, ByteString>) HeadersInit;
}
