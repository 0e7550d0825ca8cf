#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
use super::*;
use proptest::prelude::*;
use std::io::Write;

const TIGHT: Limits = Limits { cell: 20, row: 30 };

fn read(text: impl Into<Vec<u8>>, limits: Limits) -> Vec<Result<Row, Rejected>> {
    TableFile::from_reader(io::Cursor::new(text.into()), limits)
        .unwrap()
        .collect()
}

fn cells(row: &Result<Row, Rejected>) -> Vec<&str> {
    row.as_ref().unwrap().cells.iter().collect()
}

fn saved(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn refused(bytes: &[u8]) -> String {
    let file = saved(bytes);
    match TableFile::open(file.path(), Limits::default()) {
        Ok(_) => panic!("was taken: {:?}", String::from_utf8_lossy(bytes)),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn rows_know_where_they_stand() {
    let rows = read(
        "\u{FEFF}a, b\r\n1,\"x\r\ny\"\r\n\r\n2,\"say \"\"hi\"\"\"\n3,z",
        Limits::default(),
    );
    assert_eq!(cells(&rows[0]), ["1", "x\r\ny"]);
    assert_eq!(cells(&rows[1]), ["2", "say \"hi\""]);
    assert_eq!(cells(&rows[2]), ["3", "z"]);
    let places: Vec<_> = rows
        .iter()
        .map(|r| r.as_ref().map(|r| (r.line, r.byte)).unwrap())
        .collect();
    assert_eq!(places, [(2, 9), (5, 21), (6, 36)]);
}

#[test]
fn delimiters_are_read_from_the_header() {
    for (text, delimiter) in [
        ("a,b;c,d\n", ','),
        ("a;b,c;d\n", ';'),
        ("a\tb\n", '\t'),
        ("\"x,y,z\";b\n", ';'),
        ("a,b\n;;;;\n", ','),
    ] {
        let table = TableFile::from_reader(io::Cursor::new(text), Limits::default()).unwrap();
        assert_eq!(table.delimiter(), delimiter, "{text}");
    }
}

#[test]
fn a_bad_row_does_not_end_the_file() {
    let text = "a,b\nshort\n1,2,3\nn\0ul,2\nlong,aaaaaaaaaaaaaaaaaaaaaaaaaaa\nlonglonglong,\"aaaaaaaaaaaaaaaaaaa\"\nok,ok\n";
    let rows = read(text, TIGHT);
    let said: Vec<String> = rows
        .iter()
        .filter_map(|r| r.as_ref().err())
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        said,
        [
            "line 2: 1 cells where the header has 2: is a quote or a delimiter missing?",
            "line 3: 3 cells where the header has 2: is a quote or a delimiter missing?",
            "line 4: it holds a NUL character",
            "line 5: the cell in column 2 is longer than 20 bytes",
            "line 6: the row is longer than 30 bytes",
        ]
    );
    assert_eq!(cells(rows.last().unwrap()), ["ok", "ok"]);
    assert_eq!(rows[1].as_ref().unwrap_err().excerpt, "1,2,3");
}

#[test]
fn a_ten_megabyte_cell_is_read_past() {
    let huge = "x".repeat(10_000_000);
    let mut table = TableFile::from_reader(
        io::Cursor::new(format!("a,b\n1,\"{huge}\"\n2,{huge}\n3,c\n")),
        Limits::default(),
    )
    .unwrap();
    for _ in 0..2 {
        let rejected = table.next().unwrap().unwrap_err();
        assert_eq!(
            rejected.reason,
            Reason::CellTooLong {
                column: 2,
                limit: 1_000_000
            }
        );
        assert!(rejected.excerpt.chars().count() <= EXCERPT + 1);
    }
    assert_eq!(cells(&table.next().unwrap()), ["3", "c"]);
    assert!(table.record.kept() < 2_200_000);
}

#[test]
fn a_quote_never_closed_is_named() {
    let rows = read("a,b\n1,2\n3,\"oops\n4,5\n6,7\n", Limits::default());
    assert_eq!(rows.len(), 2);
    let rejected = rows[1].as_ref().unwrap_err();
    assert_eq!((rejected.line, &rejected.reason), (3, &Reason::OpenQuote));
}

#[test]
fn gzip_is_known_by_its_bytes() {
    let file = saved(&gzip("a,b\n1,2\n".as_bytes()));
    let rows: Vec<_> = TableFile::open(file.path(), Limits::default())
        .unwrap()
        .collect();
    assert_eq!(cells(&rows[0]), ["1", "2"]);
    let packed = gzip("a,b\n1,2\n".repeat(50_000).as_bytes());
    assert!(refused(&packed[..packed.len() - 20]).contains("damaged or cut off"));
    assert!(refused(&gzip(&gzip(b"a,b\n"))).contains("gzip file inside a gzip file"));
}

#[test]
fn what_is_no_table_is_named() {
    let utf16: Vec<u8> = "a,b\n1,2\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let with_bom = [b"\xFF\xFE".to_vec(), utf16.clone()].concat();
    let cases: [(&[u8], &str); 14] = [
        (b"", "the file is empty"),
        (b" \r\n\n", "the file is empty"),
        (b"%PDF-1.7\n...", "a PDF document"),
        (b"\x89PNG\r\n\x1A\n", "a PNG picture"),
        (b"PK\x03\x04....", "an Excel workbook"),
        (b"\n<!DOCTYPE html><title>Sign in</title>", "an HTML page"),
        (b"{\"a\": 1, \"b\": 2}", "this is JSON"),
        (b"just\nsome\nlines", "holds no comma, semicolon or tab"),
        (&utf16, "UTF-16 text"),
        (&with_bom, "UTF-16 text"),
        (
            b"a,b\n1,Z\xFCrich\n",
            "Windows-1252 or another 8-bit encoding (byte 0xFC on line 2)",
        ),
        (b"a,b\n1,2\n3,caf\xC3", "byte 0xC3 on line 3"),
        (&[0, 1, 2, 0, 0, 7, 9, 0], "binary data"),
        (b"a,b,a\n", "“a” stands in it twice"),
    ];
    for (bytes, message) in cases {
        let said = refused(bytes);
        assert!(said.contains(message), "{said}");
    }
    // Far behind the part that is looked at first.
    let late = ["a,b\n".to_owned(), "1,2\n".repeat(40_000)].concat();
    assert!(refused(&[late.as_bytes(), b"\xE9,2\n"].concat()).contains("byte 0xE9 on line 40002"));
    assert!(TableFile::open(Path::new("no/such/file.csv"), Limits::default()).is_err());
}

proptest! {
    #[test]
    fn splits_as_the_csv_crate_does(body in "([a-c,\" é]|\r|\n|\r\n){0,60}", buffer in 1usize..9) {
        let text = format!("a,b\n{body}");
        let mut ours = Splitter::new(BufReader::with_capacity(buffer, text.as_bytes()), b',', 0, Limits::default());
        let mut theirs = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes()).into_records();
        let mut record = Record::default();
        while ours.next_record(&mut record, 1000).unwrap() {
            let expected = theirs.next().unwrap().unwrap();
            prop_assert_eq!(record.strings().unwrap(), expected.iter().collect::<StringRecord>());
            prop_assert_eq!(record.cells, expected.len());
        }
        prop_assert!(theirs.next().is_none());
        let lines = text.replace("\r\n", "\n").replace('\r', "\n").matches('\n').count();
        prop_assert_eq!(ours.line(), 1 + lines as u64);
        prop_assert_eq!(ours.position(), text.len() as u64);
    }

    #[test]
    fn never_panics_on_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(table) = TableFile::from_reader(io::Cursor::new(bytes), TIGHT) {
            let _ = table.map(|row| row.map_err(|r| r.to_string())).collect::<Vec<_>>();
        }
    }
}
