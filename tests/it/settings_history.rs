//! What administrators changed can be read: who, when, before and after.

use crate::app::{Client, each_database};

fn change(client: &Client, path: &str, action: &str, field: &str, value: &str) {
    let form = client.page(path).form(action).set(field, value);
    client.send(&form).expect(303);
}

#[test]
fn every_settings_page_leads_to_its_history_with_before_and_after() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.administrator);
        let person = format!("/settings/people/{}", desk.other.id);
        let team = format!("/settings/teams/{}", desk.network);
        let service = format!("/settings/services/{}", desk.mail);
        let category = format!("/settings/categories/{}", desk.printing);
        let matrix = "/settings/priorities";
        for (path, action, field, value) in [
            (person.as_str(), person.as_str(), "phone", "4711"),
            (&team, &team, "name", "Network and cables"),
            (&service, &service, "name", "Letters"),
            (&category, &category, "name", "Paper"),
            (
                "/settings/codes/resolution/fixed",
                "/settings/codes/resolution/fixed",
                "label",
                "Mended",
            ),
            (
                "/settings/general",
                "/settings/general",
                "close_after_days",
                "9",
            ),
            (matrix, matrix, "cell-1-1", "2"),
            (
                "/settings/priorities/impact",
                "/settings/priorities/impact",
                "name-1",
                "Everybody",
            ),
        ] {
            change(&client, path, action, field, value);
            let page = client.page(path);
            let history = page
                .doc()
                .links()
                .into_iter()
                .find(|link| link.starts_with("/settings/history/") && !link.contains("desk_team"))
                .unwrap_or_else(|| panic!("{path} has no link to its history"));
            let page = client.page(&history);
            page.assert_says(value);
            page.assert_says(&desk.administrator.name);
            assert!(page.html().contains("<ins>"), "{history}");
            // Nobody else reads it; what is not there has none.
            app.visit(&desk.manager).get(&history).expect(403);
        }
        let fixed = client.page("/settings/history/resolution/fixed");
        fixed.assert_says("Mended");
        assert!(fixed.html().contains("<del>"), "the label before");
        let nobody = uuid::Uuid::new_v4();
        for path in [
            &format!("/settings/history/people/{nobody}"),
            "/settings/history/people/x",
            "/settings/history/setting/secret",
            "/settings/history/shoes/1",
            "/settings/history/resolution/shoe",
        ] {
            client.get(path).expect(404);
        }
        client.page("/settings/history/setting/administrators");
        client.page("/settings/history/setting/desk_team?before=x");
    });
}
