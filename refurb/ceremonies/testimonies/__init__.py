"""What somebody says of her evening: written or typed for her, approved by her, quoted under the name that she chose."""
