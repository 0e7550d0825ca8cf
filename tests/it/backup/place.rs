//! The folder of the attachments is one desk's, and the same for each of its instances.

use andon::app::place;

use super::*;

fn store(backend: Backend) -> (Database, Store) {
    let database = Database::fresh(backend);
    let store = Store::new(database.url.clone(), 1, follow::up);
    (database, store)
}

#[test]
fn an_instance_with_another_folder_or_another_desks_folder_does_not_start() {
    for backend in backends() {
        let (database, one) = store(backend);
        let folder = database.folder().join("attachments");
        place::open(&one, &folder).unwrap();
        place::open(&one, &folder).unwrap();

        // A second instance whose disk is not mounted, or is its own.
        let local = database.folder().join("local");
        let said = place::open(&one, &local).unwrap_err().to_string();
        assert!(said.contains("is its disk mounted"), "{said}");
        assert!(place::open_as_it_is(&one, &local).is_err());

        // Another desk, new or not, on this folder.
        let (other_database, other) = store(backend);
        let said = place::open(&other, &folder).unwrap_err().to_string();
        assert!(said.contains("another desk"), "{said}");
        place::open(&other, &other_database.folder().join("own")).unwrap();
        let said = place::open(&other, &folder).unwrap_err().to_string();
        assert!(said.contains("another desk"), "{said}");

        // What the message says helps.
        let id = std::fs::read_to_string(folder.join("installation")).unwrap();
        std::fs::write(local.join("installation"), format!("{id}\n")).unwrap();
        place::open(&one, &local).unwrap();
    }
}

/// A copy must never be taken for the desk it was copied from: it would sweep the other's files.
#[test]
fn a_restored_desk_is_an_installation_of_its_own() {
    each_database(|app| {
        small(&app);
        let file = app.database.folder().join("desk.tar.gz");
        back_up(&app, &file).unwrap();
        let empty = Empty::new(app.backend());
        empty.restore(&file).unwrap();
        let copy = empty.store();
        place::open(&copy, &empty.attachments).unwrap();
        let said = place::open(&copy, &app.data()).unwrap_err().to_string();
        assert!(said.contains("another desk"), "{said}");
    });
}
