//! Calls whose value the file itself says: those that fill a text, trim it, or make a collection.
//!
//! Begin at [`value`]. Any other call is only known to the running program.

use super::lines::Margin;
use super::syntax::{Shape, Syntax, children, last_name, text};
use super::value::{Evaluator, Format, Member, Text, Val, What, Why};
use serde_json::Value;
use tree_sitter::Node;

/// A call, taken apart.
pub(super) struct Call<'t, 's> {
    /// What stands before the last dot, if anything does.
    pub(super) object: Option<Node<'t>>,
    /// The name of the function or class.
    pub(super) name: &'s str,
    pub(super) arguments: Vec<Argument<'t, 's>>,
    /// Whether it makes an object.
    creates: bool,
}

/// An argument of a call.
#[derive(Clone, Copy)]
pub(super) struct Argument<'t, 's> {
    pub(super) name: Option<&'s str>,
    pub(super) value: Node<'t>,
}

/// The value of the call `node`.
pub(super) fn value<'t>(eval: &mut Evaluator<'t, '_>, node: Node<'t>, depth: usize) -> Val {
    let span = eval.span(node);
    let unknown = Val { span, what: What::Dynamic(Why::Computed) };
    let Some(call) = Call::of(node, eval.source) else { return unknown };
    if let Some(formatted) = format(eval, &call, depth) {
        return formatted;
    }
    match (call.name, call.object, call.arguments.as_slice()) {
        ("trimIndent", Some(object), _) => trimmed(eval, object, Margin::Shared, depth),
        ("trimMargin", Some(object), []) => trimmed(eval, object, Margin::Bar, depth),
        ("trim" | "strip", Some(object), []) => trimmed(eval, object, Margin::Around, depth),
        ("intern" | "toString", Some(object), []) => eval.value(object, depth + 1),
        ("dedent", _, [one]) => trimmed(eval, one.value, Margin::Dedent, depth),
        ("trim", None, [one]) => trimmed(eval, one.value, Margin::Around, depth),
        ("freeze" | "unmodifiableMap" | "unmodifiableList" | "gettext" | "_" | "__", _, [one]) => {
            eval.value(one.value, depth + 1)
        }
        (
            "of" | "ofEntries" | "mapOf" | "asList" | "listOf" | "arrayOf" | "setOf" | "mutableMapOf"
            | "mutableListOf" | "linkedMapOf" | "hashMapOf" | "newArrayList" | "dict" | "entry" | "array"
            | "copyOf",
            ..,
        ) => collection(eval, &call, node, depth),
        _ if call.creates || call.name.starts_with(char::is_uppercase) => {
            collection(eval, &call, node, depth)
        }
        _ => unknown,
    }
}

impl<'t, 's> Call<'t, 's> {
    /// Takes a call apart.
    pub(super) fn of(node: Node<'t>, source: &'s str) -> Option<Self> {
        let creates = matches!(
            node.kind(),
            "object_creation_expression" | "implicit_object_creation_expression" | "new_expression"
        );
        let inner = children(node);
        let field = |name| node.child_by_field_name(name);
        let callee = field("function").or_else(|| field("constructor")).or_else(|| field("type"));
        let callee = callee.or_else(|| inner.first().copied());
        let (object, name) = match field("name").filter(|_| !creates) {
            // Java and PHP name the method and its object beside each other.
            Some(name) => (field("object").or_else(|| field("scope")), text(name, source)),
            None => {
                let callee = callee?;
                let object =
                    children(callee).first().copied().filter(|object| object.end_byte() < callee.end_byte());
                (object, last_name(callee, source))
            }
        };
        let is_list = |child: &Node<'_>| {
            matches!(
                child.kind(),
                "argument_list" | "arguments" | "value_arguments" | "initializer_expression"
            )
        };
        let lists = inner.into_iter().filter(is_list);
        let arguments = lists.flat_map(children).map(|child| Argument::of(child, source)).collect();
        Some(Self { object, name, arguments, creates })
    }
}

impl<'t, 's> Argument<'t, 's> {
    fn of(node: Node<'t>, source: &'s str) -> Self {
        let inner = children(node);
        let named = matches!(
            node.kind(),
            "value_argument"
                | "keyword_argument"
                | "argument"
                | "assignment_expression"
                | "element_value_pair"
                | "attribute_argument"
        );
        match (inner.first(), inner.last()) {
            (Some(first), Some(last))
                if named && inner.len() == 2 && first.kind() != "element_binding_expression" =>
            {
                Self { name: Some(last_name(*first, source).trim_end_matches(':')), value: *last }
            }
            (Some(first), _) if named && node.kind() != "assignment_expression" => {
                Self { name: None, value: *first }
            }
            _ => Self { name: None, value: node },
        }
    }
}

/// A call that fills the placeholders of a text.
fn format<'t>(eval: &mut Evaluator<'t, '_>, call: &Call<'t, '_>, depth: usize) -> Option<Val> {
    let object = call.object.map_or("", |object| last_name(object, eval.source));
    let on_text = call.object.filter(|object| {
        matches!(
            eval.syntax.shape(*object),
            Shape::Text | Shape::Name | Shape::Member | Shape::Wrapped | Shape::Adjacent
        )
    });
    let (dialect, of_object) = match (eval.syntax, call.name) {
        (Syntax::Java | Syntax::Kotlin, "format") if object == "MessageFormat" => {
            ("java-messageformat", false)
        }
        (Syntax::Java | Syntax::Kotlin, "format") if object == "String" => ("printf", false),
        (Syntax::Java, "formatted") | (Syntax::Kotlin, "format") => ("printf", true),
        (Syntax::Python, "format") => ("python-format", true),
        (Syntax::Go, "Sprintf") | (Syntax::Php, "sprintf") => ("printf", false),
        (Syntax::Ts | Syntax::Tsx, "format") if object == "util" => ("printf", false),
        (Syntax::CSharp, "Format") if object.eq_ignore_ascii_case("string") => ("python-format", false),
        _ => return None,
    };
    let (pattern, rest) = match (of_object, call.arguments.as_slice()) {
        (true, all) => (on_text?, all),
        (false, [first, rest @ ..]) => (first.value, rest),
        (false, []) => return None,
    };
    let value = eval.value(pattern, depth + 1);
    let What::Text(text) = value.what else { return Some(value) };
    let arguments = arguments(rest, eval.source);
    Some(formatted(Val { span: value.span, what: What::Text(text) }, dialect, arguments))
}

/// `"…%s" % name` in Python.
pub(super) fn percent<'t>(eval: &mut Evaluator<'t, '_>, node: Node<'t>, depth: usize) -> Option<Val> {
    if eval.syntax != Syntax::Python || node.kind() != "binary_operator" {
        return None;
    }
    let operator = node.child_by_field_name("operator")?;
    if text(operator, eval.source) != "%" {
        return None;
    }
    let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
    let value = eval.value(left, depth + 1);
    if !matches!(value.what, What::Text(_)) {
        return None;
    }
    let inner = children(right);
    let arguments = match right.kind() {
        "dictionary" => {
            let pairs = inner.iter().filter(|child| child.kind() == "pair").filter_map(|pair| {
                let key = eval.key(pair.child_by_field_name("key")?).0;
                Some((key, shown(pair.child_by_field_name("value")?, eval.source)))
            });
            Value::Object(pairs.collect())
        }
        "tuple" => inner.iter().map(|node| shown(*node, eval.source)).collect(),
        _ => Value::Array(vec![shown(right, eval.source)]),
    };
    Some(formatted(value, "printf", arguments))
}

fn formatted(mut value: Val, dialect: &'static str, arguments: Value) -> Val {
    if let What::Text(text) = &mut value.what {
        text.format = Some(Format { dialect, arguments });
    }
    value
}

/// The arguments as they are written.
fn arguments(arguments: &[Argument<'_, '_>], source: &str) -> Value {
    let written = |argument: &Argument<'_, '_>| shown(argument.value, source);
    if arguments.iter().any(|argument| argument.name.is_some()) {
        let named = arguments.iter().enumerate().map(|(i, argument)| {
            let name = argument.name.map_or_else(|| i.to_string(), str::to_owned);
            (name, written(argument))
        });
        return Value::Object(named.collect());
    }
    arguments.iter().map(written).collect()
}

fn shown(node: Node<'_>, source: &str) -> Value {
    super::shown(text(node, source)).into()
}

/// A text without its indentation or the blanks around it.
fn trimmed<'t>(eval: &mut Evaluator<'t, '_>, node: Node<'t>, margin: Margin, depth: usize) -> Val {
    let mut value = eval.value(node, depth + 1);
    if let What::Text(text) = &mut value.what {
        let Text { mapped, .. } = text.as_mut();
        *mapped = margin.apply(std::mem::take(mapped));
    }
    value
}

/// A call that makes a list or map, or an object out of its arguments.
fn collection<'t>(eval: &mut Evaluator<'t, '_>, call: &Call<'t, '_>, node: Node<'t>, depth: usize) -> Val {
    let span = eval.span(node);
    let alternating = call.name == "of"
        && call.object.is_some_and(|object| last_name(object, eval.source).ends_with("Map"));
    let (mut list, mut map) = (Vec::new(), Vec::new());
    let mut rest = call.arguments.iter();
    while let Some(argument) = rest.next() {
        if alternating && let Some(value) = rest.next() {
            let (name, place) = eval.key(argument.value);
            map.push(Member { name, place: Some(place), value: eval.value(value.value, depth + 1) });
        } else if let Some(name) = argument.name {
            map.push(Member {
                name: name.to_owned(),
                place: None,
                value: eval.value(argument.value, depth + 1),
            });
        } else if let Some((key, value)) = pair(argument.value, eval.source) {
            let (name, place) = eval.key(key);
            map.push(Member { name, place: Some(place), value: eval.value(value, depth + 1) });
        } else {
            list.push(eval.value(argument.value, depth + 1));
        }
    }
    if map.is_empty() {
        return Val { span, what: What::List(list) };
    }
    let unnamed = list.into_iter().enumerate();
    map.extend(unnamed.map(|(i, value)| Member { name: i.to_string(), place: None, value }));
    Val { span, what: What::Map(map) }
}

/// `"k" to "v"`, `Map.entry("k", "v")`, `["k", "v"]` in an initializer of C#.
fn pair<'t>(node: Node<'t>, source: &str) -> Option<(Node<'t>, Node<'t>)> {
    let inner = children(node);
    match node.kind() {
        "infix_expression" if inner.len() == 3 && text(*inner.get(1)?, source) == "to" => {
            Some((*inner.first()?, *inner.last()?))
        }
        "method_invocation" => {
            let call = Call::of(node, source)?;
            match call.arguments.as_slice() {
                [key, value] if call.name == "entry" => Some((key.value, value.value)),
                _ => None,
            }
        }
        "initializer_expression" if inner.len() == 2 => Some((*inner.first()?, *inner.last()?)),
        "assignment_expression" => Some((*inner.first()?, *inner.last()?)),
        _ => None,
    }
}
