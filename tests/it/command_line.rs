//! The binary itself, as an administrator runs it: what it prints, where, and how it exits. 0 is
//! done, 1 is refused or failed with the reason on standard error, 2 is wrong usage.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::app::{Database, UrlText, backends};

/// What a run left behind.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn done(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    /// Refused, with this on standard error.
    #[track_caller]
    fn refused(self, why: &str) {
        assert_eq!(self.code, 1, "{}{}", self.out, self.err);
        assert!(self.err.contains(why), "{:?} is not in {}", why, self.err);
        assert!(self.err.starts_with("andon: "), "{}", self.err);
    }
}

/// Runs `andon` in a folder with nothing of ours in its environment.
fn andon(folder: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_andon"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("ANDON_LOG_LEVEL", "error")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("andon runs");
    // A run that was refused does not read what it was given.
    let _ = child
        .stdin
        .take()
        .expect("its input")
        .write_all(input.as_bytes());
    let ended = child.wait_with_output().expect("andon ends");
    Ran {
        code: ended.status.code().expect("an exit code"),
        out: String::from_utf8(ended.stdout).expect("text"),
        err: String::from_utf8(ended.stderr).expect("text"),
    }
}

fn fixture(name: &str) -> String {
    format!(
        "{}/tests/fixtures/import/{name}",
        env!("CARGO_MANIFEST_DIR")
    )
}

/// `andon` on a database of its own.
fn on_each_database(story: impl Fn(&dyn Fn(&[&str], &str) -> Ran)) {
    for backend in backends() {
        let database = Database::fresh(backend);
        let url = database.url.to_string_for_tests();
        story(&|arguments, input| {
            let all: Vec<&str> = arguments
                .iter()
                .copied()
                .chain(["--database", &url])
                .collect();
            andon(database.folder(), &all, input)
        });
    }
}

#[test]
fn a_log_comes_in_once_and_goes_out_as_csv() {
    on_each_database(|andon| {
        let import = ["import", "servicenow-log", &fixture("servicenow.csv")];
        andon(&[&import[..], &["--dry-run"]].concat(), "").done();
        let out = ["export", "records", "--kind", "incident", "--format", "csv"];
        assert_eq!(andon(&out, "").done().lines().count(), 1, "only the header");

        andon(&import, "").done();
        let first = andon(&out, "").done();
        andon(&import, "").done();
        assert_eq!(
            andon(&out, "").done(),
            first,
            "a second run changes nothing"
        );
        andon(&["verify"], "").done();

        let header = "number,external_id,kind,state,impact,urgency,priority,channel,reported_at,\
            resolved_at,closed_at,reassignments,reopens,requester,assignment_group,assignee,title";
        assert!(first.starts_with(header), "{first}");
        assert!(
            first.contains("\r\n") && first.lines().count() > 5,
            "{first}"
        );
        let row = first
            .lines()
            .find(|l| l.contains("INC9000001"))
            .expect("a row");
        assert!(
            row.contains(",incident,") && row.contains("T08:05:00Z"),
            "{row}"
        );
    });
}

#[test]
fn people_are_added_listed_disabled_and_given_a_new_password() {
    on_each_database(|andon| {
        let add = [
            "user",
            "add",
            "--name",
            "Ada Okafor",
            "--mail",
            "ada@example.org",
        ];
        let role = ["--role", "administrator", "--password-stdin"];
        let ada = [&add[..], &role[..]].concat();
        andon(&ada, "short\n").refused("12");
        let said = andon(&ada, "harbour lantern 42\n").done();
        assert!(!said.contains("harbour"), "no secret is printed");
        andon(&ada, "harbour lantern 42\n").refused("mail");

        let noor = [
            "user",
            "add",
            "--name",
            "Noor",
            "--mail",
            "noor@example.org",
        ];
        let link = andon(&noor, "").done();
        assert!(
            link.contains("/password/") || link.contains("/link"),
            "{link}"
        );
        andon(&[&noor[..], &["--role", "boss"]].concat(), "").code_is(2);

        andon(&["user", "reset-password", "nobody@example.org"], "").refused("nobody@example.org");
        andon(&["user", "reset-password", "noor@example.org"], "").done();
        andon(&["user", "disable", "noor@example.org"], "").done();
        let list = andon(&["user", "list"], "").done();
        let line = |mail: &str| {
            list.lines()
                .find(|l| l.starts_with(mail))
                .map(str::to_owned)
        };
        assert!(
            line("ada@example.org")
                .expect("Ada")
                .contains("administrator"),
            "{list}"
        );
        assert!(
            line("noor@example.org")
                .expect("Noor")
                .ends_with("disabled"),
            "{list}"
        );
        andon(&["verify"], "").done();
    });
}

#[test]
fn a_password_link_is_a_whole_address_where_the_desk_knows_its_own() {
    on_each_database(|andon| {
        let mail = "ada@example.org";
        let add = ["user", "add", "--name", "Ada Okafor", "--mail", mail];
        let path = andon(&add, "").done();
        assert!(path.contains("\n  /password/"), "{path}");
        assert!(path.contains("http://127.0.0.1:8080 by default"), "{path}");
        assert!(path.contains("public_url"), "{path}");

        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("desk.toml");
        std::fs::write(&file, "public_url = \"https://desk.example.org\"\n").expect("a file");
        let config = ["--config", file.to_str().expect("a path")];
        let reset = [&["user", "reset-password", mail][..], &config[..]].concat();
        let whole = andon(&reset, "").done();
        let address = "\n  https://desk.example.org/password/";
        assert!(whole.contains(address), "{whole}");
        assert!(!whole.contains("by default"), "{whole}");
    });
}

impl Ran {
    #[track_caller]
    fn code_is(self, code: i32) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
    }
}

#[test]
fn sample_data_is_whole_and_stays_away_from_real_records() {
    on_each_database(|andon| {
        let said = andon(&["demo"], "").done();
        assert!(said.contains("@northgate.example"), "{said}");
        andon(&["demo"], "").done();
        assert!(andon(&["verify"], "").done().contains(": whole"));
        let open = andon(&["export", "records", "--open"], "").done();
        assert!(open.lines().count() > 20);
    });
    on_each_database(|andon| {
        andon(
            &["import", "servicenow-log", &fixture("servicenow.csv")],
            "",
        )
        .done();
        andon(&["demo"], "").refused("in use");
    });
}

#[test]
fn wrong_usage_and_wrong_settings_are_one_clear_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let andon = |arguments: &[&str]| andon(folder.path(), arguments, "");
    andon(&[]).code_is(2);
    andon(&["frobnicate"]).code_is(2);
    andon(&["export", "records", "--kind", "ticket"]).code_is(2);
    andon(&["version", "--database", "mysql://localhost/andon"]).code_is(2);
    let help = andon(&["import", "servicenow-log", "--help"]).done();
    assert!(
        help.contains("--dry-run") && help.contains("--zone"),
        "{help}"
    );
    assert!(andon(&["version"]).done().starts_with("andon "));

    // What only reads does not make a database out of a mistyped path.
    for reads in [&["export", "records"][..], &["verify"]] {
        let all = [reads, &["--database", "sqlite:mistyped.db"]].concat();
        andon(&all).refused("there is no database mistyped.db");
    }
    assert!(!folder.path().join("mistyped.db").exists());
    andon(&[
        "import",
        "servicenow-log",
        "nothing.csv",
        "--database",
        "sqlite:a.db",
    ])
    .refused("nothing.csv");

    std::fs::write(folder.path().join("andon.toml"), "lissten = \"x\"\n").expect("a file");
    let wrong = andon(&["serve"]);
    assert!(wrong.err.contains("lissten"), "{}", wrong.err);
    assert_eq!(wrong.err.lines().count(), 1, "{}", wrong.err);
    wrong.code_is(2);
}
