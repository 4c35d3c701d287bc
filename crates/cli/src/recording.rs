//! Recordings of runs: everything that a run depends on, as JSON.
//!
//! A recording has a version of its own. A version that this program does not know is refused, and so is a recording
//! whose contents do not match its checksum.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use framepost::explore::Answers;
use framepost::{Arrival, DumpFormat, Order, OrderFreedom, Record, Schedule, TaskName};
use framepost_browsing_context::{LoadError, Response};
use framepost_guard::Target;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

use crate::run::RunOptions;

/// The version of the format.
const FORMAT: u64 = 3;

/// The reason why a recording cannot be written or replayed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// The file cannot be written.
    #[error("cannot write {file:?}: {why}")]
    NotWritten {
        /// The file.
        file: String,
        /// The error of the system.
        why: String,
    },
    /// The file cannot be read.
    #[error("cannot read {file:?}: {why}")]
    NotRead {
        /// The file.
        file: String,
        /// The error of the system.
        why: String,
    },
    /// The file is not a recording, or it is damaged.
    #[error("cannot replay {file:?}: {why}")]
    Damaged {
        /// The file.
        file: String,
        /// What is wrong, and where.
        why: String,
    },
    /// The recording has another version.
    #[error(
        "cannot replay {file:?}: \"format\" is {format}, written by framepost {version}; \
         this version replays only format {FORMAT}"
    )]
    OtherVersion {
        /// The file.
        file: String,
        /// The version of its format.
        format: u64,
        /// The version of the program that wrote it.
        version: String,
    },
}

/// A recorded run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    format: u64,
    /// The version of the program.
    version: String,
    page: String,
    seed: u64,
    max_time_ns: u64,
    max_tasks: u64,
    clicks: Vec<String>,
    evals: Vec<String>,
    dump: Option<String>,
    limits: Limits,
    model: String,
    slack_ns: u64,
    /// The number of tasks that ran.
    tasks: u64,
    /// The chosen tasks where more than one could run.
    choices: Vec<String>,
    answers: Vec<Answer>,
    /// When the answers of the network arrived.
    arrivals: Vec<Arrival>,
    /// The checksum of all other members.
    check: String,
}

/// What is read first of a recording of any version.
#[derive(Deserialize)]
struct Version {
    format: u64,
    #[serde(default)]
    version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Limits {
    microtasks: u64,
    loops: u64,
    recursion: usize,
    frames: usize,
    frame_depth: usize,
    workers: usize,
    port_messages: Option<usize>,
    port_bytes: Option<usize>,
    window_messages: Option<usize>,
    window_bytes: Option<usize>,
}

/// An answer to a request. The answers to one request are in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    request: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response: Option<Content>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    url: String,
    status: u16,
    content_type: Option<String>,
    headers: Vec<(String, String)>,
    delay_ns: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Failure {
    NotFound,
    UnknownOrigin,
    UnsupportedScheme,
    TooLarge(u64),
    Failed(String),
}

/// The open file of a recording that is being made.
pub(crate) struct Recorder<'a> {
    path: &'a Path,
    file: Target,
}

impl<'a> Recorder<'a> {
    /// Opens the file, so that a run is not lost because the file cannot be written.
    pub(crate) fn open(options: &'a RunOptions) -> Result<Option<Self>, RecordingError> {
        let Some(path) = options.record.as_deref() else {
            return Ok(None);
        };
        let file = Target::open(path).map_err(|error| not_written(path, &error))?;
        Ok(Some(Self { path, file }))
    }

    /// Writes the recording of a run.
    pub(crate) fn write(
        self,
        options: &RunOptions,
        url: &Url,
        record: &Record,
        answers: &Answers,
        arrivals: Vec<Arrival>,
    ) -> Result<(), RecordingError> {
        let mut recording = Recording::new(options, url, record, answers);
        recording.arrivals = arrivals;
        recording.check = recording.checksum();
        let mut text = recording.to_json();
        text.push('\n');
        let written = self.file.write(text.as_bytes());
        written.map_err(|error| not_written(self.path, &error))
    }
}

fn not_written(path: &Path, error: &std::io::Error) -> RecordingError {
    RecordingError::NotWritten {
        file: path.display().to_string(),
        why: error.to_string(),
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl Recording {
    fn new(options: &RunOptions, url: &Url, record: &Record, answers: &Answers) -> Self {
        let schedule = options.schedule.clone().unwrap_or_default();
        let limits = &options.limits;
        let choices = record.choices().into_iter();
        let answers = answers.all().into_iter();
        Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            page: url.to_string(),
            seed: options.seed,
            max_time_ns: nanoseconds(options.max_time),
            max_tasks: options.max_tasks,
            clicks: options.clicks.clone(),
            evals: options.evals.clone(),
            dump: options.dump.map(|dump| match dump {
                DumpFormat::Html => "html".to_owned(),
                _ => "text".to_owned(),
            }),
            limits: Limits {
                microtasks: limits.microtasks_per_checkpoint,
                loops: limits.loop_iterations,
                recursion: limits.recursion,
                frames: limits.frames,
                frame_depth: limits.frame_depth,
                workers: limits.workers,
                port_messages: limits.messages_per_port,
                port_bytes: limits.bytes_per_port,
                window_messages: limits.messages_per_window,
                window_bytes: limits.bytes_per_window,
            },
            model: schedule.freedom.to_string(),
            slack_ns: nanoseconds(schedule.slack),
            tasks: u64::try_from(record.ran.len()).unwrap_or(u64::MAX),
            choices: choices.map(|choice| choice.to_string()).collect(),
            answers: answers
                .map(|(url, answer)| Answer::new(url, answer))
                .collect(),
            arrivals: Vec::new(),
            check: String::new(),
        }
    }

    /// Strings and numbers can always be written.
    fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// FNV-1a over everything but the checksum.
    fn checksum(&self) -> String {
        let without = Self {
            check: String::new(),
            ..self.clone()
        };
        let hash = without
            .to_json()
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        format!("{hash:016x}")
    }

    /// Reads a recording.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, or has another version.
    pub fn read(path: &Path) -> Result<Self, RecordingError> {
        let file = || path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| RecordingError::NotRead {
            file: file(),
            why: error.to_string(),
        })?;
        let damaged = |why: String| RecordingError::Damaged { file: file(), why };
        let version: Version = serde_json::from_str(&text)
            .map_err(|error| damaged(format!("it is not a recording: {error}")))?;
        if version.format != FORMAT {
            return Err(RecordingError::OtherVersion {
                file: file(),
                format: version.format,
                version: version.version,
            });
        }
        let recording: Self =
            serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        let checksum = recording.checksum();
        if recording.check != checksum {
            return Err(damaged(format!(
                "\"check\" is {:?}, but the contents have the checksum {checksum:?}: it was changed",
                recording.check
            )));
        }
        Ok(recording)
    }

    /// Returns the options that repeat the run.
    ///
    /// # Errors
    /// A member has an impossible value.
    pub fn options(&self) -> Result<RunOptions, RecordingError> {
        let damaged = |member: &str, value: &str| RecordingError::Damaged {
            file: "the recording".to_owned(),
            why: format!("{member:?} cannot be {value:?}"),
        };
        let mut options = RunOptions::new(self.page.clone());
        options.seed = self.seed;
        options.max_time = Duration::from_nanos(self.max_time_ns);
        options.max_tasks = self.max_tasks;
        options.clicks.clone_from(&self.clicks);
        options.evals.clone_from(&self.evals);
        options.dump = match self.dump.as_deref() {
            None => None,
            Some("text") => Some(DumpFormat::Text),
            Some("html") => Some(DumpFormat::Html),
            Some(other) => return Err(damaged("dump", other)),
        };
        let limits = &mut options.limits;
        limits.microtasks_per_checkpoint = self.limits.microtasks;
        limits.loop_iterations = self.limits.loops;
        limits.recursion = self.limits.recursion;
        limits.frames = self.limits.frames;
        limits.frame_depth = self.limits.frame_depth;
        limits.workers = self.limits.workers;
        limits.messages_per_port = self.limits.port_messages;
        limits.bytes_per_port = self.limits.port_bytes;
        limits.messages_per_window = self.limits.window_messages;
        limits.bytes_per_window = self.limits.window_bytes;
        let freedom = match self.model.as_str() {
            "standard" => OrderFreedom::Standard,
            "browsers" => OrderFreedom::Browsers,
            other => return Err(damaged("model", other)),
        };
        let mut choices = Vec::with_capacity(self.choices.len());
        for choice in &self.choices {
            let bits = u64::from_str_radix(choice, 16);
            let bits = bits.map_err(|_| damaged("choices", choice))?;
            choices.push(TaskName::from_bits(bits));
        }
        let schedule = Schedule::new(Order::Recorded(choices)).freedom(freedom);
        options.schedule = Some(schedule.slack(Duration::from_nanos(self.slack_ns)));
        let answers = Answers::new();
        for answer in &self.answers {
            let content = answer.to_answer();
            let content = content.ok_or_else(|| damaged("answers", &answer.request))?;
            answers.push(&answer.request, content);
        }
        options.answers = Some(answers);
        options.arrivals.clone_from(&self.arrivals);
        Ok(options)
    }
}

impl Answer {
    fn new(request: String, answer: Result<Response, LoadError>) -> Self {
        let (response, error) = match answer {
            Ok(response) => (Some(Content::new(response)), None),
            Err(error) => (None, Some(Failure::new(&error))),
        };
        Self {
            request,
            response,
            error,
        }
    }

    fn to_answer(&self) -> Option<Result<Response, LoadError>> {
        match (&self.response, &self.error) {
            (Some(content), None) => content.to_response().map(Ok),
            (None, Some(failure)) => Some(Err(failure.to_error(self.request.clone()))),
            _ => None,
        }
    }
}

impl Content {
    fn new(response: Response) -> Self {
        let (text, base64) = match String::from_utf8(response.body) {
            Ok(text) => (Some(text), None),
            Err(error) => (None, Some(STANDARD.encode(error.as_bytes()))),
        };
        Self {
            url: response.url.to_string(),
            status: response.status,
            content_type: response.content_type,
            headers: response.headers,
            delay_ns: nanoseconds(response.delay),
            text,
            base64,
        }
    }

    fn to_response(&self) -> Option<Response> {
        let body = match (&self.text, &self.base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(base64)) => STANDARD.decode(base64).ok()?,
            _ => return None,
        };
        let url = Url::parse(&self.url).ok()?;
        let mut response = Response::new(url, "", body)
            .with_status(self.status)
            .with_delay(Duration::from_nanos(self.delay_ns));
        response.content_type.clone_from(&self.content_type);
        response.headers.clone_from(&self.headers);
        Some(response)
    }
}

impl Failure {
    fn new(error: &LoadError) -> Self {
        match error {
            LoadError::NotFound { .. } => Self::NotFound,
            LoadError::UnknownOrigin { .. } => Self::UnknownOrigin,
            LoadError::UnsupportedScheme { .. } => Self::UnsupportedScheme,
            LoadError::TooLarge { limit, .. } => Self::TooLarge(*limit),
            LoadError::Failed { message, .. } => Self::Failed(message.clone()),
            other => Self::Failed(other.to_string()),
        }
    }

    fn to_error(&self, url: String) -> LoadError {
        match self {
            Self::NotFound => LoadError::NotFound { url },
            Self::UnknownOrigin => LoadError::UnknownOrigin { url },
            Self::UnsupportedScheme => LoadError::UnsupportedScheme { url },
            Self::TooLarge(limit) => LoadError::TooLarge { url, limit: *limit },
            Self::Failed(message) => LoadError::Failed {
                url,
                message: message.clone(),
            },
        }
    }
}
