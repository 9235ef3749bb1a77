"""What a person lets us show of her, where and until when: asked, signed, withdrawn; and where it was used."""
