//! What is this file really? Asked once, of the whole file, before a row is read.
//!
//! The first bytes name archives, office files, pictures and pages; the rest is checked for UTF-8 to
//! its end, since one Latin-1 letter on line 90,000 must not be found out after 89,999 rows were
//! imported.

use std::io::{self, BufRead, Read};

use super::{HEAD, TableProblem};

pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";

const AS_CSV: &str = "open it and save or export the table as CSV, UTF-8";
const UNPACK: &str = "unpack it first, or pack the CSV with gzip";

/// First bytes, what they mean, what to do.
const MAGIC: [(&[u8], &str, &str); 15] = [
    (b"%PDF", "a PDF document", AS_CSV),
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive", AS_CSV),
    (
        b"\xD0\xCF\x11\xE0",
        "an old Excel or Office document",
        AS_CSV,
    ),
    (
        b"\x89PNG",
        "a PNG picture",
        "give the exported table instead",
    ),
    (
        b"\xFF\xD8\xFF",
        "a JPEG picture",
        "give the exported table instead",
    ),
    (b"GIF8", "a GIF picture", "give the exported table instead"),
    (
        b"\x1F\x8B",
        "a gzip file inside a gzip file",
        "unpack it once",
    ),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"\xFD7zXZ", "an xz archive", UNPACK),
    (b"\x28\xB5\x2F\xFD", "a zstd archive", UNPACK),
    (b"7z\xBC\xAF", "a 7z archive", UNPACK),
    (b"Rar!", "a RAR archive", UNPACK),
    (
        b"SQLite format 3",
        "an SQLite database",
        "export the table as CSV, UTF-8",
    ),
    (b"\x7FELF", "a program", "give the exported table instead"),
    (b"{\\rtf", "an RTF document", AS_CSV),
];

const TO_UTF8: &str = "save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW";
const FROM_1252: &str =
    "save it as UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW";

/// Refuses what is not a UTF-8 table, or says nothing.
pub(super) fn check(input: &mut (dyn BufRead + Send)) -> Result<(), TableProblem> {
    let (head, error) = head(input, HEAD)?;
    if let Some(error) = error {
        return Err(damaged(&error));
    }
    known_formats(&head)?;
    delimiter(&head)?;
    all_utf8(head, input)
}

/// Up to `size` bytes. A read error after some bytes comes back beside them.
pub(super) fn head(
    input: &mut (dyn BufRead + Send),
    size: usize,
) -> Result<(Vec<u8>, Option<io::Error>), TableProblem> {
    let mut head = Vec::with_capacity(size);
    let result = input.take(size as u64).read_to_end(&mut head);
    match result {
        Err(error) if head.is_empty() => Err(damaged(&error)),
        other => Ok((head, other.err())),
    }
}

fn known_formats(head: &[u8]) -> Result<(), TableProblem> {
    if let Some((_, found, advice)) = MAGIC.iter().find(|(magic, ..)| head.starts_with(magic)) {
        return Err(TableProblem::NotATable { found, advice });
    }
    let encoding = |found: &str| {
        Err(TableProblem::Encoding {
            found: found.to_owned(),
            advice: TO_UTF8,
        })
    };
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return encoding("UTF-16 text");
    }
    let (mut even, mut odd) = (0_usize, 0_usize);
    for (at, _) in head.iter().enumerate().filter(|(_, byte)| **byte == 0) {
        if at % 2 == 0 { even += 1 } else { odd += 1 }
    }
    if (even + odd) * 10 > head.len() {
        if even.min(odd) * 20 < even.max(odd) {
            return encoding("UTF-16 text");
        }
        return Err(binary());
    }
    let controls = head
        .iter()
        .filter(|b| matches!(b, 1..=8 | 14..=26 | 28..=31))
        .count();
    if controls * 20 > head.len() {
        return Err(binary());
    }
    let text = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
    let start = text
        .get(..text.len().min(9))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let not = |found| {
        Err(TableProblem::NotATable {
            found,
            advice: AS_CSV,
        })
    };
    match start.as_slice() {
        [] => Err(TableProblem::Empty),
        s if s.starts_with(b"<?xml") => not("an XML document"),
        [b'<', ..] => Err(TableProblem::NotATable {
            found: "an HTML page",
            advice: "a sign-in or error page is often saved in the export's place: download it again, as CSV",
        }),
        [b'{' | b'[', ..] => not("JSON"),
        _ => Ok(()),
    }
}

fn binary() -> TableProblem {
    TableProblem::NotATable {
        found: "binary data",
        advice: AS_CSV,
    }
}

/// The most frequent of `, ; tab` in the header, outside quotes.
pub(super) fn delimiter(head: &[u8]) -> Result<u8, TableProblem> {
    let text = head.strip_prefix(BOM).unwrap_or(head);
    let start = text
        .iter()
        .position(|b| !matches!(b, b'\r' | b'\n'))
        .ok_or(TableProblem::Empty)?;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.iter().skip(start) {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if quoted => {}
            other => counts
                .iter_mut()
                .filter(|(d, _)| d == other)
                .for_each(|(_, n)| *n += 1),
        }
    }
    // On a tie the earlier one: a comma.
    let best = counts.iter().rev().max_by_key(|(_, count)| *count);
    match best {
        Some((delimiter, count)) if *count > 0 => Ok(*delimiter),
        _ => {
            let line: Vec<u8> = text
                .iter()
                .skip(start)
                .take(60)
                .take_while(|b| !matches!(b, b'\r' | b'\n'))
                .copied()
                .collect();
            let shown = String::from_utf8_lossy(&line).replace(char::is_control, " ");
            Err(TableProblem::Header(format!(
                "“{shown}” holds no comma, semicolon or tab. Is this a table with one line of column names?"
            )))
        }
    }
}

/// Reads to the end. `carry` begins as the head and then holds what one read left unfinished.
fn all_utf8(mut carry: Vec<u8>, input: &mut (dyn BufRead + Send)) -> Result<(), TableProblem> {
    let mut line = 1;
    loop {
        let (good, bad) = match std::str::from_utf8(&carry) {
            Ok(_) => (carry.len(), false),
            Err(error) => (error.valid_up_to(), error.error_len().is_some()),
        };
        let (fine, rest) = carry.split_at(good);
        line += fine.iter().filter(|byte| **byte == b'\n').count();
        if bad {
            return Err(not_utf8(line, rest));
        }
        let left = rest.len();
        carry.drain(..good);
        let read = input
            .take(HEAD as u64)
            .read_to_end(&mut carry)
            .map_err(|error| damaged(&error))?;
        if read == 0 {
            return if left == 0 {
                Ok(())
            } else {
                Err(not_utf8(line, &carry))
            };
        }
    }
}

fn not_utf8(line: usize, at: &[u8]) -> TableProblem {
    let byte = at.first().copied().unwrap_or_default();
    TableProblem::Encoding {
        found: format!(
            "text in Latin-1, Windows-1252 or another 8-bit encoding (byte 0x{byte:02X} on line {line})"
        ),
        advice: FROM_1252,
    }
}

fn damaged(error: &io::Error) -> TableProblem {
    match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            TableProblem::Damaged(error.to_string())
        }
        _ => TableProblem::Unreadable(error.to_string()),
    }
}
