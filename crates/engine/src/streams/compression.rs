//! `CompressionStream` and `DecompressionStream` ([Compression](https://compression.spec.whatwg.org/)), by `flate2`.

use std::io::Write as _;

use boa_engine::{Context, Finalize, JsResult, JsValue, Trace};
use boa_gc::{Gc, GcRefCell};
use flate2::write::{DeflateEncoder, GzDecoder, GzEncoder, ZlibEncoder};
use flate2::{Compression, Decompress, FlushDecompress, Status};

use super::generic_transform::{GENERIC_TRANSFORM_STREAM, GenericTransform, enqueue_bytes, set_up};
use super::transform_controller::TransformController;
use crate::boa::errors::type_error;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::convert::{FromJs, Place};
use crate::webidl::interface;

interface! {
    /// The `CompressionStream` interface.
    ///
    /// NOT YET: the format `brotli`.
    [Exposed=*]
    interface CompressionStream(GenericTransform) {
        constructor(CompressionFormat format) = |format, cx| construct_compression(format, cx);
    }

    CompressionStream includes GENERIC_TRANSFORM_STREAM;

    /// The `DecompressionStream` interface.
    [Exposed=*]
    interface DecompressionStream(GenericTransform) {
        constructor(CompressionFormat format) = |format, cx| construct_decompression(format, cx);
    }

    DecompressionStream includes GENERIC_TRANSFORM_STREAM;

    enum CompressionFormat { "deflate", "deflate-raw", "gzip" };
}

/// A context of compression.
enum Compressor {
    Deflate(ZlibEncoder<Vec<u8>>),
    DeflateRaw(DeflateEncoder<Vec<u8>>),
    Gzip(GzEncoder<Vec<u8>>),
}

impl Compressor {
    fn new(format: CompressionFormat) -> Self {
        let level = Compression::default();
        match format {
            CompressionFormat::Deflate => Self::Deflate(ZlibEncoder::new(Vec::new(), level)),
            CompressionFormat::DeflateRaw => {
                Self::DeflateRaw(DeflateEncoder::new(Vec::new(), level))
            }
            CompressionFormat::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), level)),
        }
    }

    /// Compresses bytes, and returns the output so far.
    fn compress(&mut self, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        Ok(match self {
            Self::Deflate(encoder) => {
                encoder.write_all(bytes)?;
                std::mem::take(encoder.get_mut())
            }
            Self::DeflateRaw(encoder) => {
                encoder.write_all(bytes)?;
                std::mem::take(encoder.get_mut())
            }
            Self::Gzip(encoder) => {
                encoder.write_all(bytes)?;
                std::mem::take(encoder.get_mut())
            }
        })
    }

    /// Ends the output.
    fn finish(&mut self) -> std::io::Result<Vec<u8>> {
        Ok(match self {
            Self::Deflate(encoder) => {
                encoder.try_finish()?;
                std::mem::take(encoder.get_mut())
            }
            Self::DeflateRaw(encoder) => {
                encoder.try_finish()?;
                std::mem::take(encoder.get_mut())
            }
            Self::Gzip(encoder) => {
                encoder.try_finish()?;
                std::mem::take(encoder.get_mut())
            }
        })
    }
}

/// A context of decompression.
enum Decompressor {
    /// Deflate data, with or without the header of zlib.
    Deflate {
        data: Decompress,
        has_ended: bool,
    },
    Gzip(Box<GzDecoder<Vec<u8>>>),
}

/// The input is invalid, ends too early, or has more bytes behind its end.
struct Invalid;

impl Decompressor {
    fn new(format: CompressionFormat) -> Self {
        let deflate = |has_header| Self::Deflate {
            data: Decompress::new(has_header),
            has_ended: false,
        };
        match format {
            CompressionFormat::Deflate => deflate(true),
            CompressionFormat::DeflateRaw => deflate(false),
            CompressionFormat::Gzip => Self::Gzip(Box::new(GzDecoder::new(Vec::new()))),
        }
    }

    /// Decompresses bytes, and returns the output so far. The second result is whether all was valid: the output
    /// before an error counts.
    fn decompress(&mut self, mut bytes: &[u8]) -> (Vec<u8>, Result<(), Invalid>) {
        match self {
            Self::Gzip(decoder) => {
                let mut result = Ok(());
                while !bytes.is_empty() {
                    match decoder.write(bytes) {
                        Ok(count) if count > 0 => bytes = bytes.get(count..).unwrap_or_default(),
                        _ => {
                            result = Err(Invalid);
                            break;
                        }
                    }
                }
                // The bytes that the decoder holds back come now. An error shows at the end.
                let _flushed = decoder.flush();
                (std::mem::take(decoder.get_mut()), result)
            }
            Self::Deflate { data, has_ended } => {
                let mut output = Vec::new();
                loop {
                    if *has_ended {
                        let result = if bytes.is_empty() {
                            Ok(())
                        } else {
                            Err(Invalid)
                        };
                        return (output, result);
                    }
                    output.reserve((bytes.len() * 4).clamp(1 << 12, 1 << 20));
                    let before = (data.total_in(), output.len());
                    let step = data.decompress_vec(bytes, &mut output, FlushDecompress::None);
                    let read = usize::try_from(data.total_in() - before.0).unwrap_or(0);
                    bytes = bytes.get(read..).unwrap_or_default();
                    match step {
                        Ok(Status::StreamEnd) => *has_ended = true,
                        Ok(_) if bytes.is_empty() && output.len() < output.capacity() => {
                            return (output, Ok(()));
                        }
                        Ok(_) if read == 0 && output.len() == before.1 => {
                            return (output, Err(Invalid));
                        }
                        Ok(_) => {}
                        Err(_) => return (output, Err(Invalid)),
                    }
                }
            }
        }
    }

    /// Ends the input.
    fn finish(&mut self) -> (Vec<u8>, Result<(), Invalid>) {
        match self {
            Self::Gzip(decoder) => {
                let result = decoder.try_finish().map_err(|_| Invalid);
                (std::mem::take(decoder.get_mut()), result)
            }
            Self::Deflate { has_ended, .. } => {
                let result = if *has_ended { Ok(()) } else { Err(Invalid) };
                (Vec::new(), result)
            }
        }
    }
}

/// A context that the steps of a stream share.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct Shared<T: 'static>(#[unsafe_ignore_trace] T);

type Context_<T> = Gc<GcRefCell<Shared<T>>>;

/// [The constructor](https://compression.spec.whatwg.org/#dom-compressionstream-compressionstream) of
/// `CompressionStream`
fn construct_compression(
    format: CompressionFormat,
    cx: &mut Context,
) -> JsResult<GenericTransform> {
    // 1. to 6. The conversion has checked the format. The stream compresses.
    let context = Gc::new(GcRefCell::new(Shared(Compressor::new(format))));
    Ok(GenericTransform(set_up(
        context,
        compress_and_enqueue_a_chunk,
        compress_flush_and_enqueue,
        cx,
    )?))
}

/// The bytes of a chunk.
fn bytes_of(chunk: &JsValue, cx: &mut Context) -> JsResult<Vec<u8>> {
    BufferSource::from_js(chunk, Place::Argument(0), cx)?.bytes(cx)
}

/// [Compress and enqueue a chunk](https://compression.spec.whatwg.org/#compress-and-enqueue-a-chunk)
fn compress_and_enqueue_a_chunk(
    cx: &mut Context,
    context: &Context_<Compressor>,
    controller: &TransformController,
    chunk: &JsValue,
) -> JsResult<()> {
    // 1. The chunk is a buffer.
    let bytes = bytes_of(chunk, cx)?;
    // 2. to 5. Compress it.
    let compressed = context.borrow_mut().0.compress(&bytes);
    enqueue_bytes(controller, &compressed.map_err(|_| failed())?, cx)
}

/// [Compress flush and enqueue](https://compression.spec.whatwg.org/#compress-flush-and-enqueue)
fn compress_flush_and_enqueue(
    cx: &mut Context,
    context: &Context_<Compressor>,
    controller: &TransformController,
) -> JsResult<()> {
    // 1. to 3. End the output.
    let compressed = context.borrow_mut().0.finish();
    enqueue_bytes(controller, &compressed.map_err(|_| failed())?, cx)
}

fn failed() -> boa_engine::JsError {
    type_error("The data could not be compressed.")
}

/// [The constructor](https://compression.spec.whatwg.org/#dom-decompressionstream-decompressionstream) of
/// `DecompressionStream`
fn construct_decompression(
    format: CompressionFormat,
    cx: &mut Context,
) -> JsResult<GenericTransform> {
    // 1. to 6. The conversion has checked the format. The stream decompresses.
    let context = Gc::new(GcRefCell::new(Shared(Decompressor::new(format))));
    Ok(GenericTransform(set_up(
        context,
        decompress_and_enqueue_a_chunk,
        decompress_flush_and_enqueue,
        cx,
    )?))
}

/// [Decompress and enqueue a chunk](https://compression.spec.whatwg.org/#decompress-and-enqueue-a-chunk)
fn decompress_and_enqueue_a_chunk(
    cx: &mut Context,
    context: &Context_<Decompressor>,
    controller: &TransformController,
    chunk: &JsValue,
) -> JsResult<()> {
    // 1. The chunk is a buffer.
    let bytes = bytes_of(chunk, cx)?;
    // 2. to 6. Decompress it. The output before an error comes first.
    let (output, result) = context.borrow_mut().0.decompress(&bytes);
    enqueue_bytes(controller, &output, cx)?;
    result.map_err(|Invalid| type_error("The compressed data was not valid."))
}

/// [Decompress flush and enqueue](https://compression.spec.whatwg.org/#decompress-flush-and-enqueue)
fn decompress_flush_and_enqueue(
    cx: &mut Context,
    context: &Context_<Decompressor>,
    controller: &TransformController,
) -> JsResult<()> {
    // 1. to 4. The input has to be complete.
    let (output, result) = context.borrow_mut().0.finish();
    enqueue_bytes(controller, &output, cx)?;
    result.map_err(|Invalid| type_error("The compressed data ends too early."))
}
