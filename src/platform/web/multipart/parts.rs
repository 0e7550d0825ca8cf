//! `multipart/form-data`, streamed: text into memory, files into the store.

use std::io;

use actix_multipart::{Field, Multipart};
use actix_web::http::header::HeaderMap;
use actix_web::web;
use futures_util::StreamExt;

use super::tap::State;
use super::{
    FIRST_BYTES, FileProblem, FileSink, FileWriter, Form, MAX_NAME_BYTES, RefusedFile,
    UploadedFile, Why,
};
use crate::platform::kernel::markdown::cut;
use crate::platform::kernel::secrets::hex;

/// What one hop to a blocking thread writes.
const HOP_BYTES: usize = 256 * 1024;

pub(super) async fn read<S: FileSink>(form: &mut Form, headers: &HeaderMap, sink: &S) {
    let mut parts = Multipart::new(headers, form.tap.clone());
    while let Some(part) = parts.next().await {
        let done = match part {
            Ok(part) => read_part(form, part, sink).await,
            Err(e) => Err(Stop(e)),
        };
        if let Err(Stop(e)) = done {
            let why = explain(form, &e);
            tracing::debug!(error = %e, ?why, "a form could not be read to its end");
            form.fail(why);
            return;
        }
    }
}

/// The parser gave up; what is left of the body means nothing.
struct Stop(actix_multipart::MultipartError);

fn explain(form: &Form, e: &actix_multipart::MultipartError) -> Why {
    match (form.tap.state(), e) {
        (State::Overflowed, _) => Why::RequestTooLarge {
            max_bytes: form.limits.request_bytes,
        },
        (State::TimedOut, _) => Why::TooSlow,
        (State::Broken, _) => Why::BrokenOff,
        _ => Why::Malformed,
    }
}

async fn read_part<S: FileSink>(form: &mut Form, part: Field, sink: &S) -> Result<(), Stop> {
    let disposition = part.content_disposition();
    let name = disposition
        .and_then(|d| d.get_name())
        .unwrap_or_default()
        .to_owned();
    let file = disposition.and_then(|d| d.get_filename());
    let file = file.map(|file| cut(file, MAX_NAME_BYTES).to_owned());
    match file {
        None => read_text(form, part, &name).await,
        Some(file) => read_file(form, part, (name, file), sink).await,
    }
}

async fn read_text(form: &mut Form, mut part: Field, name: &str) -> Result<(), Stop> {
    // One byte more than fits is enough to know.
    let most = form.room().saturating_add(1);
    let mut value = Vec::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(Stop)?;
        let room = most - value.len();
        value.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
    }
    if value.len() == most {
        // Cut where it was cut, a character may be in two; that is no fault of the text.
        let whole = std::str::from_utf8(&value).map_or_else(|e| e.valid_up_to(), str::len);
        form.fail(Why::TextTooLong {
            max_bytes: form.limits.text_bytes,
        });
        if value.len() - whole < 4 {
            value.truncate(whole);
        }
    }
    form.add(name.as_bytes(), &value);
    Ok(())
}

async fn read_file<S: FileSink>(
    form: &mut Form,
    mut part: Field,
    (field, name): (String, String),
    sink: &S,
) -> Result<(), Stop> {
    let limits = form.limits;
    let mut spool = Spool::new(sink);
    let mut problem = (form.got.files.len() >= limits.files)
        .then_some(FileProblem::TooMany { max: limits.files });
    let mut stored = true;
    let (mut size, mut first_bytes) = (0_u64, Vec::new());
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(Stop)?;
        size += chunk.len() as u64;
        let wanted = FIRST_BYTES.saturating_sub(first_bytes.len());
        first_bytes.extend_from_slice(chunk.get(..wanted).unwrap_or(&chunk));
        if size > limits.file_bytes && problem.is_none() {
            problem = Some(FileProblem::TooLarge {
                max_bytes: limits.file_bytes,
            });
        }
        if form.tap.read() > limits.request_bytes {
            form.fail(Why::RequestTooLarge {
                max_bytes: limits.request_bytes,
            });
            stored = false;
        }
        if problem.is_some() || !stored {
            spool.abandon();
        } else if let Err(e) = spool.take(&chunk).await {
            stored = storage_failed(form, &e);
        }
    }
    if size == 0 && name.is_empty() {
        return Ok(()); // a file field left empty
    }
    if size == 0 && problem.is_none() {
        problem = Some(FileProblem::Empty);
    }
    if let Some(why) = problem {
        // A hostile body could send a million of them.
        if form.got.refused.len() < limits.files {
            form.got.refused.push(RefusedFile { field, name, why });
        }
        return Ok(());
    }
    if stored {
        match spool.finish().await {
            Ok(sha) => {
                let sha256 = hex(&sha);
                form.got.files.push(UploadedFile {
                    field,
                    name,
                    size,
                    sha256,
                    first_bytes,
                });
            }
            Err(e) => {
                storage_failed(form, &e);
            }
        }
    }
    Ok(())
}

/// Ours, not theirs: the page says that it failed, the log says why.
fn storage_failed(form: &mut Form, e: &io::Error) -> bool {
    tracing::error!(error = %e, "an uploaded file could not be stored");
    form.fail(Why::Storage);
    false
}

/// Collects what arrives and writes it on a blocking thread when there is enough.
struct Spool<S: FileSink> {
    sink: S,
    writer: Option<S::Writer>,
    buffer: Vec<u8>,
}

impl<S: FileSink> Spool<S> {
    fn new(sink: &S) -> Self {
        Self {
            sink: sink.clone(),
            writer: None,
            buffer: Vec::new(),
        }
    }

    async fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() < HOP_BYTES {
            return Ok(());
        }
        let (sink, writer) = (self.sink.clone(), self.writer.take());
        let mut buffer = std::mem::take(&mut self.buffer);
        let written = web::block(move || {
            let mut writer = writer.map_or_else(|| sink.begin(), Ok)?;
            writer.write(&buffer)?;
            buffer.clear();
            Ok::<_, io::Error>((writer, buffer))
        });
        let (writer, buffer) = written.await.map_err(io::Error::other)??;
        (self.writer, self.buffer) = (Some(writer), buffer);
        Ok(())
    }

    fn abandon(&mut self) {
        (self.writer, self.buffer) = (None, Vec::new());
    }

    async fn finish(self) -> io::Result<[u8; 32]> {
        let Self {
            sink,
            writer,
            buffer,
        } = self;
        let finished = web::block(move || {
            let mut writer = writer.map_or_else(|| sink.begin(), Ok)?;
            writer.write(&buffer)?;
            writer.finish()
        });
        finished.await.map_err(io::Error::other)?
    }
}
