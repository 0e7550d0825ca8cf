#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::io::Write;

use super::*;

fn small() -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), 0);
    writer.bytes("head", "json", b"{}").unwrap();
    let long = "a line of text\n".repeat(5_000);
    writer
        .bytes("tables/one", "jsonl", long.as_bytes())
        .unwrap();
    let noise: Vec<u8> = (0..20_000u32).map(|n| ((n * n) >> 3) as u8).collect();
    let hash = crate::platform::kernel::secrets::sha256(&noise);
    let size = noise.len() as u64;
    writer.file("files", &hash, size, &noise[..]).unwrap();
    let seal = writer.seal();
    assert_eq!(seal.members, 3);
    writer.finish(seal.whole.as_bytes()).unwrap()
}

/// Reads all of it; gives the folders and lengths of the members.
fn read(bytes: &[u8]) -> Result<Vec<(String, usize)>, Problem> {
    let mut reader = Reader::new(bytes);
    let mut members = reader.members()?;
    let mut found = Vec::new();
    let mut sealed = false;
    while let Some(member) = members.next()? {
        let folder = member.folder.clone();
        let seal = members.seal();
        let content = member.bytes(1 << 20)?;
        if folder == MANIFEST {
            sealed = content == seal.whole.as_bytes();
        }
        found.push((folder, content.len()));
    }
    drop(members);
    reader.end()?;
    if sealed {
        Ok(found)
    } else {
        Err(Problem::CutShort)
    }
}

#[test]
fn what_went_in_comes_out() {
    let found = read(&small()).unwrap();
    let expected = [
        ("head", 2),
        ("tables/one", 75_000),
        ("files", 20_000),
        ("manifest", 64),
    ];
    assert_eq!(found, expected.map(|(name, n)| (name.to_owned(), n)));
}

#[test]
fn an_archive_cut_anywhere_is_said_to_be_cut() {
    let whole = small();
    for at in (0..whole.len()).step_by(37).chain([whole.len() - 1]) {
        match read(&whole[..at]) {
            Err(Problem::CutShort) => {}
            other => panic!("cut at {at}: {other:?}"),
        }
    }
}

#[test]
fn any_flipped_byte_is_found() {
    let whole = small();
    let mut same = 0;
    // The first ten are gzip's head: its time and system mean nothing.
    for at in (10..whole.len()).step_by(11) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        // Packed bytes can differ and mean the same (another distance to the same text, bits that
        // fill up the last byte): then every seal was right, and nothing is lost.
        if let Ok(found) = read(&flipped) {
            same += 1;
            assert_eq!(found, read(&whole).unwrap());
        }
    }
    assert!(same < 10, "{same} flips went unnoticed");
    let mut longer = whole.clone();
    longer.push(0);
    assert!(matches!(read(&longer), Err(Problem::Damaged(_))));
}

#[test]
fn a_file_that_is_no_archive_is_told_so() {
    for other in [
        &b"PK\x03\x04 something else altogether"[..],
        b"plain text of some length",
    ] {
        assert!(matches!(read(other), Err(Problem::Foreign)));
    }
}

#[test]
fn a_file_that_changed_meanwhile_and_a_full_disk_are_errors() {
    let mut writer = Writer::new(Vec::new(), 0);
    assert!(writer.file("files", &[7; 32], 3, &b"abc"[..]).is_err());
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(full) = full else { return };
    let mut writer = Writer::new(std::io::BufWriter::with_capacity(0, full), 0);
    let noise: Vec<u8> = (0..300_000u64).map(|n| (n.pow(3) >> 5) as u8).collect();
    let refused = writer
        .bytes("head", "bin", &noise)
        .and_then(|()| writer.finish(b"").and_then(|mut out| out.flush()));
    assert_eq!(refused.unwrap_err().kind(), std::io::ErrorKind::StorageFull);
}
