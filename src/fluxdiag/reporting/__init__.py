"""What the report says, put together from records: words, figures, pictures, tables. No HTML here and no judgement."""
