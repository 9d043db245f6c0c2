//! The far side of a filter: reads requests from standard input until it ends, runs jq, writes what comes out.
//!
//! It opens no file and no socket, and limits itself before it reads the first byte.

use std::{
    io::{self, BufRead, Read, Write},
    process::ExitCode,
};

use super::{FilterAnswer, FilterRequest};

/// Most memory, in bytes.
const MAX_MEMORY: u64 = 1 << 30;
/// Most processor time over its life, in seconds.
const MAX_SECONDS: u64 = 120;
/// Longest request line, in bytes.
const MAX_HEAD: u64 = 1 << 20;

/// Serves filters until standard input ends. To be called first thing in `main`, on its one thread.
pub fn jq_child_main() -> ExitCode {
    limit();
    match serve(&mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// No core file, no file written, hardly a file opened, an end to memory and time. A limit that cannot be set leaves the
/// parent's timeout.
fn limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    #[cfg(target_os = "linux")]
    {
        // A limit does not hold for a core that goes into a pipe.
        let _undumpable = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    }
    let limits = [
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 3),
        (Resource::As, MAX_MEMORY),
        (Resource::Cpu, MAX_SECONDS),
    ];
    for (resource, most) in limits {
        let _unlimited = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    }
}

/// Answers the requests that come in until they end. A request is a line of JSON (`jq`, `error_when`, `max`, `bytes`) and
/// as many bytes as it says; an answer is a line of JSON and what the filter printed.
pub fn serve(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    let mut filters = Filters::default();
    loop {
        let mut head = Vec::new();
        if input.take(MAX_HEAD).read_until(b'\n', &mut head)? == 0 {
            return Ok(());
        }
        let request: Owned = serde_json::from_slice(&head)?;
        let mut body = Vec::new();
        input.take(request.bytes as u64).read_to_end(&mut body)?;
        let (answer, out) = filters.answer(&request.borrowed(), &body);
        serde_json::to_writer(&mut *output, &answer)?;
        output.write_all(b"\n")?;
        output.write_all(&out)?;
        output.flush()?;
    }
}

/// A request as it is read; its strings may hold escapes.
#[derive(serde::Deserialize)]
struct Owned {
    jq: String,
    error_when: Option<String>,
    max: u64,
    bytes: usize,
}

impl Owned {
    fn borrowed(&self) -> FilterRequest<'_> {
        FilterRequest { jq: &self.jq, error_when: self.error_when.as_deref(), max: self.max, bytes: self.bytes }
    }
}

#[cfg(feature = "jq")]
use with_jaq::Filters;
#[cfg(not(feature = "jq"))]
use without_jaq::Filters;

#[cfg(not(feature = "jq"))]
mod without_jaq {
    use super::{FilterAnswer, FilterRequest};

    #[derive(Default)]
    pub(super) struct Filters;

    impl Filters {
        pub(super) fn answer(&mut self, _: &FilterRequest<'_>, _: &[u8]) -> (FilterAnswer, Vec<u8>) {
            (FilterAnswer::Failed("this build of stanch has no jq".to_owned()), Vec::new())
        }
    }
}

#[cfg(feature = "jq")]
mod with_jaq {
    use std::collections::HashMap;

    use jaq_core::{
        Compiler, Ctx, Filter, Vars,
        data::JustLut,
        load::{Arena, File, Loader},
        unwrap_valr,
    };
    use jaq_json::{Num, Val, read};
    use serde::{Serialize, Serializer};

    use super::{FilterAnswer, FilterRequest};

    type Compiled = Filter<JustLut<Val>>;

    /// Filters that were compiled before.
    #[derive(Default)]
    pub(super) struct Filters(HashMap<String, Result<Compiled, String>>);

    impl Filters {
        pub(super) fn answer(&mut self, request: &FilterRequest<'_>, body: &[u8]) -> (FilterAnswer, Vec<u8>) {
            match self.run(request, body) {
                Ok(out) => (FilterAnswer::Ok(out.len()), out),
                Err(answer) => (answer, Vec::new()),
            }
        }

        fn run(&mut self, request: &FilterRequest<'_>, body: &[u8]) -> Result<Vec<u8>, FilterAnswer> {
            if body.trim_ascii().is_empty() {
                return Err(FilterAnswer::Malformed("the answer is empty".to_owned()));
            }
            let mut out = Vec::new();
            for input in read::parse_many(body) {
                let input = input.map_err(|_| {
                    let begins = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
                    FilterAnswer::Malformed(format!("not JSON; begins with {begins}"))
                })?;
                if let Some(filter) = request.error_when {
                    self.reject(filter, &input)?;
                }
                for value in self.values(request.jq, input)? {
                    serde_json::to_writer(&mut out, &Json(&value?)).map_err(|e| FilterAnswer::Failed(e.to_string()))?;
                    out.push(b'\n');
                    if out.len() as u64 > request.max {
                        return Err(FilterAnswer::TooLarge);
                    }
                }
            }
            Ok(out)
        }

        /// An error if the filter's first value is true or a message.
        fn reject(&mut self, filter: &str, input: &Val) -> Result<(), FilterAnswer> {
            let first = self.values(filter, input.clone())?.next().transpose()?;
            match first {
                None | Some(Val::Null | Val::Bool(false)) => Ok(()),
                Some(Val::Bool(true)) => Err(FilterAnswer::Rejected(String::new())),
                Some(message) => Err(FilterAnswer::Rejected(said(&message))),
            }
        }

        fn values(
            &mut self,
            filter: &str,
            input: Val,
        ) -> Result<impl Iterator<Item = Result<Val, FilterAnswer>>, FilterAnswer> {
            let compiled = self.0.entry(filter.to_owned()).or_insert_with(|| compile(filter));
            let compiled = compiled.as_ref().map_err(|why| FilterAnswer::Failed(why.clone()))?;
            let context = Ctx::<JustLut<Val>>::new(&compiled.lut, Vars::new([]));
            let values = compiled.id.run((context, input)).map(unwrap_valr);
            Ok(values.map(|value| value.map_err(|error| FilterAnswer::Failed(said(&error.into_val())))))
        }
    }

    fn compile(filter: &str) -> Result<Compiled, String> {
        let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
        let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
        let arena = Arena::default();
        let modules = Loader::new(definitions).load(&arena, File { code: filter, path: () });
        let modules = modules.map_err(|errors| {
            let mut errors = errors.into_iter().map(|(_, error)| said_of(filter, &error));
            errors.next().unwrap_or_default()
        })?;
        Compiler::default().with_funs(functions).compile(modules).map_err(|errors| {
            let first = errors.into_iter().flat_map(|(_, errors)| errors).next();
            first.map_or_else(String::new, |(name, kind)| format!("there is no {} `{name}`", kind.as_str()))
        })
    }

    /// Where a filter stops making sense.
    fn said_of(filter: &str, error: &jaq_core::load::Error<&str>) -> String {
        use jaq_core::load::Error;
        let (expected, found) = match error {
            Error::Io(_) => return "a filter cannot load files".to_owned(),
            Error::Lex(errors) => match errors.first() {
                Some((expected, found)) => (expected.as_str(), *found),
                None => return String::new(),
            },
            Error::Parse(errors) => match errors.first() {
                Some((expected, found)) => (expected.as_str(), *found),
                None => return String::new(),
            },
        };
        let found: &str = found;
        let at = (found.as_ptr() as usize).checked_sub(filter.as_ptr() as usize);
        let column = at.and_then(|at| filter.get(..at)).map_or(0, |before| before.chars().count()) + 1;
        match found.is_empty() {
            true => format!("expected {expected} at its end"),
            false => format!("expected {expected} at column {column}: {}", clip(found)),
        }
    }

    /// A value as JSON can say it, fields in their order; numbers that JSON has no words for become strings.
    struct Json<'a>(&'a Val);

    impl Serialize for Json<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.0 {
                Val::Null => serializer.serialize_unit(),
                Val::Bool(yes) => serializer.serialize_bool(*yes),
                Val::Num(Num::Int(number)) => serializer.serialize_i64(*number as i64),
                Val::Num(Num::Float(number)) if number.is_finite() => serializer.serialize_f64(*number),
                Val::Num(Num::Float(number)) => serializer.collect_str(number),
                Val::Num(number) => match number.to_string().parse::<serde_json::Number>() {
                    Ok(number) => number.serialize(serializer),
                    Err(_) => serializer.collect_str(number),
                },
                Val::TStr(text) | Val::BStr(text) => serializer.serialize_str(&String::from_utf8_lossy(text)),
                Val::Arr(items) => serializer.collect_seq(items.iter().map(Json)),
                Val::Obj(fields) => serializer.collect_map(fields.iter().map(|(n, v)| (name_of(n), Json(v)))),
            }
        }
    }

    fn name_of(name: &Val) -> String {
        match name {
            Val::TStr(text) | Val::BStr(text) => String::from_utf8_lossy(text).into_owned(),
            other => other.to_string(),
        }
    }

    /// A message is shown as it is, anything else as JSON.
    fn said(value: &Val) -> String {
        match value {
            Val::TStr(text) | Val::BStr(text) => clip(&String::from_utf8_lossy(text)),
            other => clip(&other.to_string()),
        }
    }

    fn clip(text: &str) -> String {
        crate::base::text::clipped(text, 300).into_owned()
    }
}

#[cfg(test)]
#[cfg(feature = "jq")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(jq: &str, error_when: Option<&str>, body: &str, expected: &str) {
        let request = FilterRequest { jq, error_when, max: 1000, bytes: body.len() };
        let (answer, out) = Filters::default().answer(&request, body.as_bytes());
        let said = match answer {
            FilterAnswer::Ok(_) => String::from_utf8(out).expect("text"),
            other => serde_json::to_string(&other).expect("JSON"),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn filters() {
        check(".a[]", None, r#"{"a":[1,2.5,"x",null]}"#, "1\n2.5\n\"x\"\nnull\n");
        check("{id, n: (.n | tonumber)}", None, r#"{"id":"a","n":"5"}"#, "{\"id\":\"a\",\"n\":5}\n");
        check(".x", None, "{\"x\":1}\n{\"x\":2}\n", "1\n2\n");
        check("nan, infinite", None, "0", "\"NaN\"\n\"inf\"\n");
        check("{b: 1, a: 2}", None, "0", "{\"b\":1,\"a\":2}\n");
        check(".last|todate", None, r#"{"last":1795357455}"#, "\"2026-11-22T14:24:15Z\"\n");
    }

    #[test]
    fn failures_are_told_apart() {
        check(".a |", None, "{}", r#"{"failed":"expected term at its end"}"#);
        check("frobnicate", None, "{}", r#"{"failed":"there is no filter `frobnicate`"}"#);
        check("error(\"no\")", None, "0", r#"{"failed":"no"}"#);
        check(".", None, "<html>", r#"{"malformed":"not JSON; begins with <html>"}"#);
        check(".", None, " ", r#"{"malformed":"the answer is empty"}"#);
        check("[range(1000)]", None, "0", "\"too_large\"");
    }

    #[test]
    fn answers_that_are_errors() {
        check(".v", Some(".status != \"ok\""), r#"{"status":"ok","v":1}"#, "1\n");
        check(".v", Some(".status != \"ok\""), r#"{"status":"bad"}"#, r#"{"rejected":""}"#);
        check(
            ".v",
            Some(".error.message"),
            r#"{"error":{"message":"no such host"}}"#,
            r#"{"rejected":"no such host"}"#,
        );
        check(".v", Some(".error.message"), r#"{"v":2}"#, "2\n");
    }
}
