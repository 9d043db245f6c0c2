//! The limit on the memory of the whole program: large answers are refused in words above it, small ones go on.

use super::{pty::Machine, strangers::serve};

#[test]
fn above_its_limit_large_answers_are_refused_and_small_ones_go_on() {
    let large = format!("[{}]", vec![r#"{"text":"x"}"#; 2_000_000].join(","));
    let (url, asked) = serve(move |line, _| (200, if line.contains("/large") { large.clone() } else { "[7]".into() }));
    let machine = Machine::with_config(&format!(
        "max_memory = \"64MB\"\n\
         [[source]]\nname = \"large\"\ntype = \"http\"\nurl = \"{url}/large\"\nas = \"logs\"\nevery = \"1s\"\nmax_bytes = \"60MB\"\n\
         [[source]]\nname = \"small\"\ntype = \"http\"\nurl = \"{url}/small\"\nas = \"number\"\nevery = \"1s\"\n\
         [[pane]]\ntitle = \"Large\"\nsource = \"large\"\n\
         [[pane]]\ntitle = \"Small\"\nsource = \"small\"\ntype = \"stat\"\n"
    ));
    let mut cockpit = machine.open(&["--log", "stanch.log"]);
    cockpit.sees(&["a large answer was not read", "7"]);
    let small = || asked.lock().expect("not poisoned").iter().filter(|head| head.contains("/small")).count();
    let before = small();
    cockpit.wait("more of the small one", |_| small() > before + 1);
    cockpit.press("q");
    cockpit.ended_well();
    let log = machine.read("stanch.log");
    assert!(log.contains("a large answer was not read: it would take stanch past `max_memory`, 64 MB"), "{log}");
    assert!(log.contains("INFO  memory   ") && log.contains("limit 64"), "{log}");
}
