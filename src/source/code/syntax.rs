//! The programming languages: their endings, their parsers, and what the kinds of their syntax trees mean.
//!
//! The parsers are tree-sitter's. They were chosen over scanners of our own because a string is only found by
//! whoever knows what is a comment, a regular expression, a heredoc or an expression inside another string; they
//! recover from any mistake, need no stack for deep nesting, and give bytes. What they cost: a C compiler to build.

use tree_sitter::{Node, Parser};

/// A programming language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Java,
    Kotlin,
    /// TypeScript.
    Ts,
    /// JavaScript, and both with elements in angle brackets.
    Tsx,
    Python,
    Go,
    Php,
    CSharp,
}

/// What a node of a tree is to a reader of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A literal whose value is a text.
    Text,
    /// Literals one after the other, without an operator.
    Adjacent,
    /// A number.
    Number,
    /// Two operands and an operator.
    Binary,
    /// A name.
    Name,
    /// A member of something, by name.
    Member,
    /// Something around one expression that does not change it.
    Wrapped,
    /// Values in order, or named values.
    Collection,
    /// A call of a function or constructor.
    Call,
    /// A function whose body may be one expression.
    Function,
    /// Anything else.
    Other,
}

/// The parser of a language.
pub(super) fn parser(syntax: Syntax) -> Option<Parser> {
    let language = match syntax {
        Syntax::Java => tree_sitter_java::LANGUAGE,
        Syntax::Kotlin => tree_sitter_kotlin_ng::LANGUAGE,
        Syntax::Ts => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        Syntax::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
        Syntax::Python => tree_sitter_python::LANGUAGE,
        Syntax::Go => tree_sitter_go::LANGUAGE,
        Syntax::Php => tree_sitter_php::LANGUAGE_PHP,
        Syntax::CSharp => tree_sitter_c_sharp::LANGUAGE,
    };
    let mut parser = Parser::new();
    parser.set_language(&language.into()).ok()?;
    Some(parser)
}

impl Syntax {
    /// The language of a file by its name, if its ending is that of one.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        let (_, ending) = path.rsplit_once('.')?;
        Some(match ending.to_ascii_lowercase().as_str() {
            "java" => Self::Java,
            "kt" | "kts" => Self::Kotlin,
            "ts" | "mts" | "cts" => Self::Ts,
            "tsx" | "js" | "jsx" | "mjs" | "cjs" => Self::Tsx,
            "py" => Self::Python,
            "go" => Self::Go,
            "php" => Self::Php,
            "cs" => Self::CSharp,
            _ => return None,
        })
    }

    /// What `node` is.
    pub(super) fn shape(self, node: Node<'_>) -> Shape {
        match node.kind() {
            "string"
            | "string_literal"
            | "template_string"
            | "multiline_string_literal"
            | "character_literal"
            | "interpreted_string_literal"
            | "raw_string_literal"
            | "verbatim_string_literal"
            | "interpolated_string_expression"
            | "encapsed_string"
            | "heredoc"
            | "nowdoc" => Shape::Text,
            "concatenated_string" => Shape::Adjacent,
            "number"
            | "integer"
            | "float"
            | "int_literal"
            | "float_literal"
            | "decimal_integer_literal"
            | "decimal_floating_point_literal"
            | "integer_literal"
            | "real_literal"
            | "number_literal" => Shape::Number,
            "binary_expression" | "binary_operator" | "additive_expression" => Shape::Binary,
            "identifier" | "name" | "variable_name" | "shorthand_property_identifier" => Shape::Name,
            "field_access"
            | "member_expression"
            | "attribute"
            | "selector_expression"
            | "class_constant_access_expression"
            | "scoped_property_access_expression"
            | "member_access_expression"
            | "navigation_expression"
            | "qualified_name" => Shape::Member,
            "parenthesized_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression"
            | "literal_element"
            | "argument"
            | "value_argument"
            | "expression_list"
            | "cast_expression"
            | "arrow_expression_clause"
            | "type_assertion" => Shape::Wrapped,
            "array_initializer"
            | "element_value_array_initializer"
            | "array"
            | "object"
            | "list"
            | "tuple"
            | "set"
            | "dictionary"
            | "array_creation_expression"
            | "initializer_expression"
            | "literal_value"
            | "implicit_array_creation_expression"
            | "collection_literal"
            | "composite_literal"
            | "argument_list"
            | "arguments"
            | "value_arguments" => Shape::Collection,
            "method_invocation"
            | "call_expression"
            | "call"
            | "function_call_expression"
            | "invocation_expression"
            | "object_creation_expression"
            | "implicit_object_creation_expression"
            | "new_expression"
            | "scoped_call_expression"
            | "member_call_expression" => Shape::Call,
            "arrow_function" | "lambda" => Shape::Function,
            _ => Shape::Other,
        }
    }

    /// Whether two texts with `operator` between them are one.
    pub(super) fn joins(self, operator: &str) -> bool {
        if self == Self::Php { operator == "." } else { operator == "+" }
    }
}

/// The children of `node` that carry meaning, in order, without comments.
pub(super) fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra()).collect()
}

/// The text of a node.
pub(super) fn text<'s>(node: Node<'_>, source: &'s str) -> &'s str {
    source.get(node.byte_range()).unwrap_or("")
}

/// The last part of a name: `field` of `this.field`, `CONST` of `self::CONST`; variables without their sign.
pub(super) fn last_name<'s>(node: Node<'_>, source: &'s str) -> &'s str {
    let whole = text(node, source);
    let start = whole.rfind(['.', ':', '>', '\\', '$', '?']).map_or(0, |at| at + 1);
    whole.get(start..).unwrap_or("").trim()
}
