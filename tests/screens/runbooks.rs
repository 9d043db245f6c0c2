//! Runbooks on the screen: one of every kind of block, at both sizes; and odd ones at any size.

use std::sync::Arc;

use stanch::{
    app::Msg,
    runbook::{Folder, Library, Runbook},
};

use super::{LARGE, SMALL, check, script::Stage, words};

const TEXT: &str = include_str!("runbook.md");

fn library(text: &str) -> Msg {
    let book = |name: &str| Arc::new(Runbook::read(&format!("ops/{name}"), name, &["ops"], 0, text));
    let folder = Folder { path: "ops".into(), address: None };
    let books = vec![book("checkout-error-rate.md"), book("other.md")];
    Msg::Runbooks(Arc::new(Library::new(vec![folder], books, vec![])))
}

#[test]
fn runbook() {
    check("runbook", |stage| {
        stage.send(library(TEXT));
        stage.keys("B down down space");
    });
}

#[test]
fn all_that_it_says_can_be_come_to() {
    for size in [SMALL, LARGE, (60, 14)] {
        let mut stage = Stage::new(size);
        stage.play();
        let code: String = (1..=40).map(|n| format!("command{n}\n")).collect();
        stage.send(library(&format!("{TEXT}\n```\n{code}```\n")));
        stage.keys("B");
        let mut seen = String::new();
        for _ in 0..60 {
            seen += &words(&mut stage);
            stage.keys("down");
        }
        let told: String = seen.split_whitespace().collect();
        for word in [
            "Checkouterrorrate",
            "kubectl",
            "--previous",
            "payments-gateway",
            "runbooks.example",
            "lastword",
            "command40",
        ] {
            assert!(told.contains(word), "{size:?}: {word}\n{seen}");
        }
    }
}

#[test]
fn odd_texts_draw_at_any_size() {
    let wide =
        format!("# {}\n\n`{}`\n\n|{}|\n|{}|\n", "日本".repeat(90), "x".repeat(500), "a|".repeat(60), "-|".repeat(60));
    let deep = (0..40).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect::<String>();
    for text in ["", "\n", "---\nalerts: [\n---\n", "```\n", "> ```\n> x\n", "* * *", wide.as_str(), deep.as_str()] {
        for size in [(1, 1), (2, 3), (9, 4), (30, 8), SMALL, (220, 60)] {
            let mut stage = Stage::new(size);
            stage.play();
            stage.send(library(text));
            for keys in ["B", "down down", "space y w m t", "[ ] /", "o enter tab"] {
                stage.keys(keys);
                words(&mut stage);
            }
        }
    }
}
