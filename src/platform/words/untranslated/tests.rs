use super::*;

fn found(html: &str) -> Vec<String> {
    untranslated(html, &[])
}

#[test]
fn text_and_read_attributes_are_checked() {
    assert_eq!(found("<p>Hello <b>world</b></p>"), ["Hello", "world"]);
    assert_eq!(
        found(r#"<button aria-label="Close">×</button>"#),
        ["aria-label: Close"]
    );
    assert_eq!(
        found("<input placeholder='Search here' name=q>"),
        ["placeholder: Search here"]
    );
    assert_eq!(
        found(r#"<input type="submit" value="Save">"#),
        ["value: Save"]
    );
    assert_eq!(found(r#"<img src="cat.png" alt=Cat>"#), ["alt: Cat"]);
    assert_eq!(
        found(r#"<a title="More">…</a><optgroup label="Teams"></optgroup>"#),
        ["title: More", "label: Teams"]
    );
    assert_eq!(found("<head><title>Queue</title></head>"), ["Queue"]);
}

#[test]
fn transformed_text_numbers_and_single_letters_pass() {
    assert!(found("<h1>‹Ɋúúééúúéé›</h1><p>12 · A – 7 ×</p>").is_empty());
    assert!(found("<p>‹ƀýý› &amp; &#x27;&nbsp;&eacute;</p>").is_empty());
}

#[test]
fn unread_attributes_and_markup_pass() {
    assert!(
        found(
            r#"<input type="text" name="title" value="typed" class="field"><a href="/queue">7</a>"#
        )
        .is_empty()
    );
    assert!(
        found("<!doctype html><!-- a <b>comment</b> --><svg viewBox='0 0'><path d=\"M0\"/></svg>")
            .is_empty()
    );
    assert!(
        found("<script>let word = '<p>hello</p>';</script><style>a { color: red }</style>")
            .is_empty()
    );
    assert!(
        found("<p><kbd>Ctrl</kbd> <code>andon</code></p><textarea>typed <b></textarea>").is_empty()
    );
}

#[test]
fn data_marks_itself_and_the_mark_ends_with_its_element() {
    assert!(found(r#"<span translate="no" title="Ana Lima">Ana <i>Lima</i></span>"#).is_empty());
    assert_eq!(
        found(r#"<p><span translate="no">Ana<br>Lima</span> wrote</p>"#),
        ["wrote"]
    );
    assert_eq!(
        found(r#"<div translate=no>Ana <b translate="yes">wrote</b></div>"#),
        ["wrote"]
    );
    assert_eq!(
        found(r#"<input translate="no" placeholder="Ana"><p>after</p>"#),
        ["after"]
    );
}

#[test]
fn allowed_words_count_as_whole_words_only() {
    assert!(untranslated("<p>Andon</p><p>‹ƀýý› Ana Lima</p>", &["Andon", "Ana Lima"]).is_empty());
    assert_eq!(untranslated("<p>Andons</p>", &["Andon"]), ["Andons"]);
    assert_eq!(
        untranslated("<p>Andon desk</p>", &["Andon"]),
        ["Andon desk"]
    );
}

#[test]
fn odd_markup_ends() {
    assert_eq!(found("a1 < b2 &c <p"), Vec::<String>::new());
    assert_eq!(found("<p>open</b></p>"), ["open"]);
    assert_eq!(found("<p class=\"x"), Vec::<String>::new());
    assert_eq!(found("<!-- never closed <p>word</p>"), Vec::<String>::new());
    assert_eq!(found("<p =\"\" / x>word"), ["word"]);
    assert_eq!(found("<P>Upper</P><BR/>case"), ["Upper", "case"]);
}
