//! Commands as whoever types them sees them: the product's own binary, its output, its exit code.

use std::process::{Command, Output};

use super::app::{Database, UrlText, backends};

/// Runs the binary on a database, without a setting of this machine.
fn andon(database: &Database, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_andon"))
        .args(arguments)
        .current_dir(database.folder())
        .env_clear()
        .env("ANDON_DATABASE", database.url.to_string_for_tests())
        .envs(settings.iter().copied())
        .output()
        .expect("the binary")
}

fn said(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_password_link_is_a_whole_address_where_the_desk_knows_its_own() {
    for backend in backends() {
        let database = Database::fresh(backend);
        let mail = "ada@example.org";
        let add = ["user", "add", "--name", "Ada Okafor", "--mail", mail];
        let path = said(&andon(&database, &add, &[]));
        assert!(path.contains("\n  /password/"), "{path}");
        assert!(path.contains("http://127.0.0.1:8080 by default"), "{path}");
        assert!(path.contains("public_url"), "{path}");

        let known = [("ANDON_PUBLIC_URL", "https://desk.example.org")];
        let reset = ["user", "reset-password", mail];
        let whole = said(&andon(&database, &reset, &known));
        let address = "\n  https://desk.example.org/password/";
        assert!(whole.contains(address), "{whole}");
        assert!(!whole.contains("by default"), "{whole}");
    }
}
