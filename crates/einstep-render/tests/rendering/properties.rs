//! What holds of every rendering: no line wider than asked for, bounded work, no panic on any table that can be read.

use crate::exercises;
use crate::exercises::maker::Maker;
use einstep_render::{
    Detail, HtmlOptions, LatexOptions, MarkdownOptions, TextOptions, TypstOptions, html, latex, markdown, node_latex,
    node_text, sentence, text, typst,
};
use einstep_trace::*;
use unicode_width::UnicodeWidthStr;

fn all() -> Vec<Derivation> {
    vec![
        exercises::trace_of_product(),
        exercises::norm(),
        exercises::quadratic_form(),
        exercises::trace(),
        exercises::long_names(),
        exercises::network(),
        doubling(),
    ]
}

/// A table of a hundred nodes that unfolds to 2^60, and one that is very deep.
fn doubling() -> Derivation {
    let mut m = Maker::new("tr(S)", "S", &["n"]);
    let s = m.symbol("S", &["n", "n"]);
    let mut value = m.call("tr", s);
    for _ in 0..60 {
        value = m.add(&[value, value]);
    }
    let mut deep = s;
    for _ in 0..50_000 {
        m.derivation.nodes.push(Node::Transpose { arg: deep });
        deep = NodeId(m.derivation.nodes.len() as u32 - 1);
    }
    let trace = m.call("tr", deep);
    m.derivation.problem.node = value;
    m.chain("value", value);
    m.link(Phase::Lower, "lower.trace", "", &[(&[], trace)]);
    let mut derivation = m.done(&[], &[]);
    derivation.check = None;
    derivation
}

fn visible(line: &str) -> String {
    let mut plain = String::new();
    let mut parts = line.split('\u{1b}');
    plain.push_str(parts.next().unwrap_or(""));
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for derivation in all() {
        let table = Table::read(&derivation).unwrap();
        let details = [Detail::Outline, Detail::Notes, Detail::Full];
        let widths: Vec<usize> = if derivation.nodes.len() > 1000 {
            vec![60]
        } else {
            (40..=130).step_by(if derivation.symbols.len() > 1 { 3 } else { 1 }).collect()
        };
        for width in widths {
            for (detail, color) in details.into_iter().flat_map(|detail| [(detail, true), (detail, false)]) {
                let text = text(&derivation, &table, &TextOptions { detail, width, color });
                for line in text.lines().map(visible) {
                    assert!(line.width() <= width, "{} > {width}: {line}", line.width());
                    assert!(!line.contains('\u{1b}') && line.trim_end() == line, "{line:?}");
                }
            }
        }
    }
}

#[test]
fn work_is_bounded() {
    let derivation = doubling();
    let table = Table::read(&derivation).unwrap();
    let line = node_text(&derivation, &table, derivation.problem.node);
    assert!(line.contains('…') && line.len() < 400_000, "{}", line.len());
    let deep = derivation.chains[0].end();
    assert!(node_latex(&derivation, &table, deep).contains("\\dots"));
}

#[test]
fn colour_changes_nothing_but_marks() {
    for derivation in [exercises::trace(), exercises::norm()] {
        let table = Table::read(&derivation).unwrap();
        let options = TextOptions { color: true, ..TextOptions::default() };
        let coloured = text(&derivation, &table, &options);
        assert!(!coloured.contains('‹') && coloured.contains("\u{1b}[33m"));
        let plain = text(&derivation, &table, &TextOptions { color: false, ..options });
        let squeeze =
            |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace() && !"‹›".contains(*c)).collect() };
        assert_eq!(squeeze(&visible(&coloured)), squeeze(&plain));
    }
}

#[test]
fn references_out_of_range_do_no_harm() {
    let wild = |mut derivation: Derivation, number: u32| {
        for chain in &mut derivation.chains {
            chain.left = NodeId(chain.left.0.wrapping_mul(number));
            for step in &mut chain.links {
                step.after = NodeId(step.after.0.wrapping_add(number));
                for path in &mut step.at {
                    path.push(number);
                }
                step.replaced.push([NodeId(number), NodeId(0)]);
                step.marks.push(Mark { kind: MarkKind::Held, at: vec![number, 0], group: number });
                step.cases
                    .push(Case { when: vec![(IndexId(number), Relation::Equal, IndexId(0))], after: NodeId(number) });
                step.because.slots.push([("index".into(), Slot::Index(IndexId(number)))].into_iter().collect());
            }
        }
        derivation.result.node = NodeId(number);
        derivation.problem.wrt = vec![String::new(), "𝔛_ß'".into()];
        derivation
    };
    for number in [0, 1, 7, 1000, u32::MAX] {
        for derivation in all().into_iter().take(6) {
            let derivation = wild(derivation, number);
            let table = Table::read(&derivation).unwrap();
            for detail in [Detail::Outline, Detail::Notes, Detail::Full] {
                text(&derivation, &table, &TextOptions { detail, width: 70, color: true });
                latex(&derivation, &table, &LatexOptions { detail, fragment: false });
            }
            sentence(&derivation, &table, &derivation.chains[0].links[0]);
        }
    }
}

#[test]
fn sentences_have_their_slots_filled() {
    let derivation = exercises::trace_of_product();
    let mut step = derivation.chains[1].links[2].clone();
    let slots = |index, becomes| {
        let index = ("index".into(), Slot::Index(IndexId(index)));
        [index, ("becomes".into(), Slot::Index(IndexId(becomes)))].into_iter().collect()
    };
    step.because.slots = vec![slots(2, 3), slots(2, 3), slots(1, 4)];
    let table = Table::read(&derivation).unwrap();
    let text = sentence(&derivation, &table, &step);
    assert_eq!(text.matches(';').count(), 1, "{text}");
    assert!(text.contains("i = p") && text.contains("j = q") && !text.contains('{'), "{text}");
    step.because.slots = vec![Default::default()];
    assert_eq!(sentence(&derivation, &table, &step), "");
}

/// The elements that are open at the end of a page, or closed by another's name.
fn unbalanced(page: &str) -> Vec<String> {
    let mut open: Vec<String> = Vec::new();
    let mut faults = Vec::new();
    for tag in page.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag) {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        if let Some(closed) = tag.strip_prefix('/') {
            if open.pop().as_deref() != Some(closed) {
                faults.push(closed.to_string());
            }
        } else if !tag.ends_with('/') && !tag.starts_with('!') {
            open.push(name.to_string());
        }
    }
    faults.extend(open);
    faults
}

#[test]
fn pages_are_well_formed_and_hold_their_record_unread() {
    for derivation in all() {
        let table = Table::read(&derivation).unwrap();
        let page = html(&derivation, &table, r#"{"id":"</script><b>&"}"#, &HtmlOptions::default());
        assert_eq!(unbalanced(&page), Vec::<String>::new());
        assert!(page.contains(r#"{"id":"\u003c/script\u003e\u003cb\u003e\u0026"}"#));
    }
}

#[test]
fn all_formats_show_the_same_rules() {
    for derivation in all().into_iter().filter(|derivation| derivation.nodes.len() < 1000) {
        let table = Table::read(&derivation).unwrap();
        for detail in [Detail::Notes, Detail::Full] {
            let count = |text: &str, mark: &str| text.matches(mark).count();
            let chains = derivation.chains.iter().filter(|chain| detail == Detail::Full || chain.symbols.is_empty());
            let rule = chains.flat_map(|chain| &chain.links).map(|step| &*step.rule.0).next().unwrap_or("");
            let latex = latex(&derivation, &table, &LatexOptions { detail, fragment: false });
            let shown = count(&latex, &format!("\\texttt{{{rule}}}"));
            let markdown = markdown(&derivation, &table, &MarkdownOptions { detail });
            assert_eq!(count(&markdown, &format!("`{rule}`")), shown, "{rule}");
            let typst = typst(&derivation, &table, &TypstOptions { detail, fragment: false });
            assert_eq!(count(&typst, &format!("#rule(\"{rule}\")")), shown, "{rule}");
            let page = html(&derivation, &table, "{}", &HtmlOptions { detail });
            let (_, level) =
                page.split_once(if detail == Detail::Notes { "id=\"notes\"" } else { "id=\"full\"" }).unwrap();
            let level = level.split("class=\"level\"").next().unwrap();
            assert_eq!(count(level, &format!("<code>{rule}</code>")), shown, "{rule}");
        }
    }
}
