//! Finds what a program gives a name to.
//!
//! Begin at [`collect`]. It walks the tree in a loop; only the values are kept, unread.

use super::call::Call;
use super::declared::{Kind, Named};
use super::syntax::{Syntax, children, last_name, text};
use std::rc::Rc;
use tree_sitter::Node;

/// A class or function around a node, with what holds for all that stands in it.
#[derive(Clone)]
struct Scope {
    end: usize,
    /// The classes, this one too.
    within: Rc<[String]>,
    /// The innermost function: its bytes, and the nearest name of one.
    function: Option<((usize, usize), Rc<str>)>,
}

/// The named values under `root`, in the order of the file.
pub(super) fn collect<'t>(syntax: Syntax, root: Node<'t>, source: &str) -> Vec<Named<'t>> {
    let mut collector = Collector { syntax, source, scopes: Vec::new(), found: Vec::new() };
    let mut cursor = root.walk();
    // A node asks for its parent from the root down, which is too long a way in a deep tree.
    let mut above = Vec::new();
    loop {
        let node = cursor.node();
        if node.is_named() {
            collector.see(node, above.last().copied());
        }
        if node.child_count() > 0 && cursor.goto_first_child() {
            above.push(node);
            continue;
        }
        while !cursor.goto_next_sibling() {
            above.pop();
            if !cursor.goto_parent() {
                return collector.found;
            }
        }
    }
}

struct Collector<'t, 's> {
    syntax: Syntax,
    source: &'s str,
    scopes: Vec<Scope>,
    found: Vec<Named<'t>>,
}

impl<'t> Collector<'t, '_> {
    fn see(&mut self, node: Node<'t>, parent: Option<Node<'t>>) {
        while self.scopes.last().is_some_and(|scope| scope.end <= node.start_byte()) {
            self.scopes.pop();
        }
        let field = |name| node.child_by_field_name(name);
        match node.kind() {
            "class_declaration"
            | "interface_declaration"
            | "enum_declaration"
            | "record_declaration"
            | "object_declaration"
            | "class_definition"
            | "struct_declaration"
            | "trait_declaration"
            | "companion_object"
            | "class"
            | "internal_module"
            | "module" => self.class(node),
            "method_declaration"
            | "constructor_declaration"
            | "function_declaration"
            | "function_definition"
            | "method_definition"
            | "arrow_function"
            | "function_expression"
            | "lambda_expression"
            | "func_literal"
            | "anonymous_function"
            | "local_function_statement"
            | "lambda_literal" => self.function(node, parent),
            "function_body" | "arrow_expression_clause" => self.body(node, parent),
            "variable_declarator" => {
                let value = field("value").or_else(|| children(node).get(1).copied());
                self.declare(field("name").or_else(|| children(node).first().copied()), value);
            }
            "property_declaration" => self.property(node),
            "public_field_definition" | "field_definition" | "enum_assignment" | "enum_case" => {
                self.declare(field("name").or_else(|| field("property")), field("value"));
            }
            "const_element" | "property_element" => {
                let inner = children(node);
                self.declare(inner.first().copied(), inner.get(1).copied());
            }
            "const_spec" | "var_spec" | "short_var_declaration" | "assignment_statement" => {
                self.several(node)
            }
            "assignment" | "assignment_expression" => self.assigned(node, parent),
            "enum_constant" | "enum_entry" => self.element(node),
            "element_value_pair" => self.push(field("key"), field("value"), Kind::Annotation),
            "annotation" | "decorator" | "attribute" => self.annotation(node),
            "return_statement" | "return_expression" => self.returned(node),
            "export_statement" => self.exported(node),
            "call_expression"
            | "method_invocation"
            | "call"
            | "invocation_expression"
            | "function_call_expression"
            | "member_call_expression"
            | "scoped_call_expression" => self.call(node),
            _ => {}
        }
    }

    fn class(&mut self, node: Node<'t>) {
        let name = node.child_by_field_name("name").map_or("", |name| last_name(name, self.source));
        let mut within: Vec<String> = self.within().to_vec();
        if !name.is_empty() && within.len() < 8 {
            within.push(name.to_owned());
        }
        let function = self.scopes.last().and_then(|scope| scope.function.clone());
        self.scopes.push(Scope { end: node.end_byte(), within: within.into(), function });
    }

    fn function(&mut self, node: Node<'t>, parent: Option<Node<'t>>) {
        let of =
            |node: Node<'t>, field| node.child_by_field_name(field).map(|name| last_name(name, self.source));
        // An arrow function goes by the name of what it is assigned to, one without any by that of the one around it.
        let named = matches!(
            parent.map(|parent| parent.kind()),
            Some("variable_declarator" | "pair" | "public_field_definition")
        );
        let assigned =
            parent.filter(|_| named).and_then(|parent| of(parent, "name").or_else(|| of(parent, "key")));
        let name: Rc<str> = match of(node, "name").or(assigned) {
            Some(name) => name.into(),
            None => self.function_name(),
        };
        let within = self.within();
        let bytes = (node.start_byte(), node.end_byte());
        self.scopes.push(Scope { end: node.end_byte(), within, function: Some((bytes, name)) });
        self.parameters(node);
        let body = node.child_by_field_name("body").filter(|body| body.kind() != "statement_block");
        if let Some(body) = body.filter(|_| node.kind() == "arrow_function") {
            self.push_named(&self.function_name(), body, Kind::Returned);
        }
    }

    /// The names in the head of a function, which mean nothing outside of it and nothing else inside.
    fn parameters(&mut self, node: Node<'t>) {
        let field = node.child_by_field_name("parameters").or_else(|| node.child_by_field_name("parameter"));
        let list = field
            .or_else(|| children(node).into_iter().find(|child| child.kind() == "function_value_parameters"));
        let Some(list) = list else { return };
        let names = text(list, self.source).split(|c: char| c != '_' && !c.is_alphanumeric());
        for name in names.filter(|name| !name.is_empty()).take(256) {
            self.push_named(name, list, Kind::Parameter);
        }
    }

    /// `= expression` after the head of a function.
    fn body(&mut self, node: Node<'t>, parent: Option<Node<'t>>) {
        let of_function = parent.is_some_and(|parent| {
            matches!(
                parent.kind(),
                "function_declaration" | "method_declaration" | "local_function_statement"
            )
        });
        if let Some(value) = children(node).first().filter(|value| of_function && value.kind() != "block") {
            self.push_named(&self.function_name(), *value, Kind::Returned);
        }
    }

    /// A property of Kotlin, C# or PHP.
    fn property(&mut self, node: Node<'t>) {
        let value = node.child_by_field_name("value");
        if let (Some(name), Some(value)) = (node.child_by_field_name("name"), value) {
            return self.declare(Some(name), Some(value));
        }
        if self.syntax != Syntax::Kotlin {
            return;
        }
        let mut cursor = node.walk();
        let all: Vec<Node<'t>> = node.children(&mut cursor).collect();
        let sign = all.iter().position(|child| child.kind() == "=");
        let value = sign.and_then(|at| all.get(at + 1)).copied();
        let name = all.iter().find(|child| child.kind() == "variable_declaration");
        self.declare(name.and_then(|name| children(*name).first().copied()), value);
    }

    /// `a, b = "x", "y"`.
    fn several(&mut self, node: Node<'t>) {
        let mut cursor = node.walk();
        let names: Vec<Node<'t>> = match node.child_by_field_name("left") {
            Some(left) => children(left),
            None => node.children_by_field_name("name", &mut cursor).filter(Node::is_named).collect(),
        };
        let values = node.child_by_field_name("value").or_else(|| node.child_by_field_name("right"));
        for (name, value) in names.into_iter().zip(values.map(children).unwrap_or_default()) {
            self.declare(Some(name), Some(value));
        }
    }

    /// `x = value`, `x["key"] = value`, `this.x = value`.
    fn assigned(&mut self, node: Node<'t>, parent: Option<Node<'t>>) {
        let inner = children(node);
        let left = node.child_by_field_name("left").or_else(|| inner.first().copied());
        let right = node.child_by_field_name("right").or_else(|| inner.last().copied());
        let (Some(left), Some(right)) = (left, right) else { return };
        // Inside an initializer it is a member of the value around it.
        if parent.is_some_and(|parent| parent.kind() == "initializer_expression") {
            return;
        }
        let parts = children(left);
        let indexed = matches!(
            left.kind(),
            "subscript_expression"
                | "subscript"
                | "element_access_expression"
                | "index_expression"
                | "indexing_expression"
        );
        match (parts.first(), parts.last()) {
            (Some(map), Some(key)) if indexed && parts.len() == 2 => self.entry(*map, *key, right),
            _ => self.declare(Some(left), Some(right)),
        }
    }

    /// A value that is put into a map under a key that is written out.
    fn entry(&mut self, map: Node<'t>, key: Node<'t>, value: Node<'t>) {
        let name = text(key, self.source).trim_matches(['[', ']', '"', '\'', '`', ' ']).to_owned();
        let map = last_name(map, self.source).to_owned();
        let within = self.within().iter().cloned().chain([map]).collect();
        self.found.push(Named { name, within, kind: Kind::Constant, value, function: None });
    }

    fn element(&mut self, node: Node<'t>) {
        let inner = children(node);
        let is_list = |child: &&Node<'_>| matches!(child.kind(), "argument_list" | "value_arguments");
        let name = node.child_by_field_name("name").or_else(|| inner.first().copied());
        self.push(name, inner.iter().find(is_list).copied(), Kind::Element);
    }

    fn annotation(&mut self, node: Node<'t>) {
        // In Python this is a member of something.
        if node.kind() == "attribute" && !matches!(self.syntax, Syntax::Php | Syntax::CSharp) {
            return;
        }
        let mut inner = children(node);
        if let (1, Some(call)) = (inner.len(), inner.first().copied())
            && matches!(call.kind(), "constructor_invocation" | "call" | "call_expression")
        {
            inner = children(call);
        }
        let (Some(name), Some(list)) = (inner.first().copied(), inner.get(1).copied()) else { return };
        for argument in children(list) {
            let parts = children(argument);
            match (argument.kind(), parts.as_slice()) {
                ("element_value_pair", _) => {}
                ("value_argument" | "argument" | "attribute_argument" | "keyword_argument", [key, value]) => {
                    self.push(Some(*key), Some(*value), Kind::Annotation);
                }
                _ => self.push(Some(name), Some(argument), Kind::Annotation),
            }
        }
    }

    fn returned(&mut self, node: Node<'t>) {
        let Some(value) = children(node).first().copied() else { return };
        // What a PHP file returns is what it holds.
        let kind = if self.in_function() { Kind::Returned } else { Kind::Constant };
        self.push_named(&self.function_name(), value, kind);
    }

    fn exported(&mut self, node: Node<'t>) {
        if let Some(value) = node.child_by_field_name("value") {
            self.push_named("default", value, Kind::Constant);
        }
    }

    /// A call that defines a constant, fills a map, or sends something.
    fn call(&mut self, node: Node<'t>) {
        let head = node.byte_range();
        let is_word = |word: &str| {
            let callee = self.source.get(head.start..head.end.min(head.start + 200)).unwrap_or("");
            let callee = callee.split('(').next().unwrap_or("");
            callee.len() < 200
                && callee
                    .as_bytes()
                    .windows(word.len())
                    .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
        };
        if !(is_word("sms") || is_word("put") || is_word("define") || is_word("add")) {
            return;
        }
        let Some(call) = Call::of(node, self.source) else { return };
        let object = call.object.map_or("", |object| text(object, self.source));
        match (call.name, call.arguments.as_slice()) {
            ("define", [name, value]) if self.syntax == Syntax::Php => {
                let name = text(name.value, self.source).trim_matches(['"', '\'']).to_owned();
                self.push_named(&name, value.value, Kind::Constant);
            }
            ("put" | "Add", [key, value]) if call.object.is_some() => {
                if let Some(map) = call.object {
                    self.entry(map, key.value, value.value);
                }
            }
            (name, arguments) if sends(name, object) => {
                for argument in arguments {
                    self.push_named(name, argument.value, Kind::Sent);
                }
            }
            _ => {}
        }
    }

    /// A constant or variable.
    fn declare(&mut self, name: Option<Node<'t>>, value: Option<Node<'t>>) {
        let function = matches!(
            value.map(|value| value.kind()),
            Some(
                "arrow_function" | "function_expression" | "lambda" | "lambda_expression" | "lambda_literal"
            )
        );
        if !function {
            self.push(name, value, if self.in_function() { Kind::Local } else { Kind::Constant });
        }
    }

    fn push(&mut self, name: Option<Node<'t>>, value: Option<Node<'t>>, kind: Kind) {
        if let (Some(name), Some(value)) = (name, value) {
            self.push_named(last_name(name, self.source), value, kind);
        }
    }

    fn push_named(&mut self, name: &str, value: Node<'t>, kind: Kind) {
        let function = self.scopes.last().and_then(|scope| scope.function.as_ref()).map(|(bytes, _)| *bytes);
        let function = function.filter(|_| kind != Kind::Constant);
        self.found.push(Named { name: name.to_owned(), within: self.within(), kind, value, function });
    }

    fn within(&self) -> Rc<[String]> {
        self.scopes.last().map_or_else(|| Rc::from([]), |scope| Rc::clone(&scope.within))
    }

    fn in_function(&self) -> bool {
        self.scopes.last().is_some_and(|scope| scope.function.is_some())
    }

    fn function_name(&self) -> Rc<str> {
        let function = self.scopes.last().and_then(|scope| scope.function.as_ref());
        function.map_or_else(|| Rc::from(""), |(_, name)| Rc::clone(name))
    }
}

/// Whether a function sends a text: `sendSms`, `smsClient.send`.
fn sends(name: &str, object: &str) -> bool {
    let (name, object) = (name.to_ascii_lowercase(), object.to_ascii_lowercase());
    (name.contains("sms") || object.rsplit('.').next().is_some_and(|object| object.contains("sms")))
        && (name.contains("send") || name.contains("push") || name == "sms")
}
