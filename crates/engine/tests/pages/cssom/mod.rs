mod inline_style;
