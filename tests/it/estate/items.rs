//! Configuration items and what they depend on, also in circles.

use andon::items::{needs_of, reached_from};

use super::files::import;
use super::{assert_whole, estate};
use crate::app::{each_database, each_database_with};

#[test]
fn an_item_depends_on_others_and_circles_are_allowed() {
    each_database(|app| {
        let desk = app.desk();
        let estate = estate(&app, &desk);
        let client = app.visit(&desk.administrator);
        let path = format!("/settings/items/{}", estate.needed);
        let needs = format!("{path}/needs");
        let page = client.page(&path);
        page.assert_says("TILL-0114-06");
        let form = page.form(&needs);
        let itself = client
            .send(&form.clone().set("needs", "srv-db-01"))
            .expect(422);
        itself.assert_says("An item does not depend on itself.");
        let none = client
            .send(&form.clone().set("needs", "TOASTER"))
            .expect(422);
        assert_eq!(none.form(&needs).value("needs"), Some("TOASTER"));
        client.send(&form.set("needs", "till")).expect(303);
        // Now each needs the other, and the walk ends.
        let reach = app.read(|r| reached_from(r, estate.needed));
        assert_eq!(reach.items.len(), 1);
        assert!(!reach.cut);
        let form = client
            .page(&path)
            .form(&format!("{path}/needs/{}/removal", estate.item));
        client.send(&form).expect(303);
        assert_eq!(app.read(|r| needs_of(r, estate.needed, 9)).len(), 0);
        // What it is, edited; and a list that is looked through by name.
        let form = client.page(&path).form_with(&path, "class");
        client.send(&form.set("environment", "test")).expect(303);
        let list = client.page("/settings/items?q=srv");
        list.assert_says("SRV-DB-01");
        assert!(!list.text().contains("TILL"));
        assert_whole(&app);
    });
}

#[test]
fn a_circle_of_ten_thousand_comes_in_and_stays_bounded() {
    each_database_with(
        |serve| serve.diagnostics = true,
        |app| {
            let desk = app.desk();
            let client = app.visit(&desk.administrator);
            let mut file = "name,class,depends_on\n".to_owned();
            for n in 0..10_000 {
                file.push_str(&format!("CI-{n:05},Node,CI-{:05}\n", (n + 1) % 10_000));
            }
            let first = import(&client, "items", &file);
            assert_eq!(first, [10_000, 0, 0, 0]);
            assert_eq!(app.count("SELECT count(*) AS n FROM item_edges"), 10_000);
            let again = import(&client, "items", &file);
            assert_eq!(again, [0, 0, 10_000, 0], "the second time nothing changes");
            let item = app.read(|r| andon::items::items_by_keys(r, &["ci-00007".into()]))[0].id;
            let page = client.page(&format!("/settings/items/{item}"));
            let statements: String = (page.header("server-timing").unwrap().chars())
                .filter(char::is_ascii_digit)
                .collect();
            assert!(statements.parse::<u32>().unwrap() < 25, "{statements}");
            page.assert_says("These are the nearest. There may be more.");
            let list = client.page("/settings/items");
            assert!(list.text().contains("CI-00049") && !list.text().contains("CI-00050"));
            assert_whole(&app);
        },
    );
}
